"""Names of people and of posts, as a leaders' column prints them: 县长　林语晴, 副县长：高知远、舒小禾, 姓名：钱牧德."""
import re
from dataclasses import dataclass

from pytest_govsite.reading.flow import SEAM

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇"
    "邢裴陆荣翁荀羊惠甄麴家封芮储靳汲邴糜松井段富巫乌焦巴弓牧山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄"
    "印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习宦艾"
    "鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧利蔚越夔隆师巩聂晁勾敖融冷辛阚那简饶曾沙养鞠丰关蒯相查荆红游竺权盖益桓公岳帅缑亢"
    "况有琴商牟佘佟肖代闫付丘覃佀宾邸初展揭门戢撒苟呼仝衣原官冶朴海鹿矫修兰涂粟隗尉闪栗税果邝阳漆候晋楚闾户刑但谌代敬母蹇补税辜青鲜禤植庹逯"
)
DOUBLE = (
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "东方", "夏侯", "南宫", "长孙", "宇文", "端木",
    "轩辕", "申屠", "钟离", "呼延", "独孤", "鲜于", "闻人", "司空", "太史", "公冶", "濮阳", "淳于", "单于", "仲孙",
)
# words that begin like a name and stand on such pages
WORDS = frozenset((
    "简历", "简介", "分工", "时间", "时政", "任免", "任职", "任命", "任前", "常委", "常务", "成员", "党建", "党务", "党组", "党委", "党员",
    "文件", "文字", "文化", "文旅", "公告", "公示", "公开", "公安", "公报", "安全", "安排", "关于", "关注", "关闭", "关怀", "高级", "高新", "金融",
    "水利", "水务", "农业", "农村", "商务", "商业", "司法", "司机", "卫生", "卫健", "林业", "方案", "方式", "方针", "项目", "计划", "平台", "平安",
    "平均", "和谐", "查看", "查询", "查找", "单位", "都市", "国家", "国务", "国资", "国土", "国际", "全文", "全部", "全县", "全市", "全省", "全区", "全国",
    "相关", "相册", "相片", "应急", "应用", "路线", "温馨", "向导", "包括", "章程", "成果", "成绩", "成立", "经济", "经验", "解读", "解决", "强化",
    "盛况", "通知", "通告", "通报", "通讯", "通信", "连接", "时讯", "时事", "时刻", "居民", "居住", "宣传", "宣讲", "明确", "和美", "左右", "家庭",
    "许可", "支持", "支部", "支撑", "管理", "管委", "程序", "计生", "计量", "祝贺", "贺信", "高考", "贡献", "边防", "边界", "广播", "广告", "广大",
    "广场", "东部", "东方", "利用", "利益", "师资", "原则", "原因", "原文", "官方", "官网", "官员", "门户", "门类", "展示", "展望", "展览", "初审", "初步",
    "海关", "海洋", "代表", "代理", "户籍", "户外", "植物", "有关", "有效", "权力", "权限", "权责", "益民", "步骤", "印发", "印章", "怀念", "索引",
    "封面", "富民", "车辆", "车管", "谷物", "秋季", "冬季", "武装", "双拥", "双随机", "景区", "景点", "云平台", "雷达", "史志", "史料", "齐抓",
    "康养", "康复", "元旦", "喻理", "黄页", "米面", "明天", "明年", "钟表", "万元", "房产", "房屋", "干部", "干事", "宗教", "宗旨", "洪水", "石油",
    "程控", "惠民", "惠农", "惠企", "储备", "井盖", "巴士", "山水", "山区", "松散", "红色", "红头", "游客", "游玩", "养老", "养殖", "丰收", "丰富",
    "沙漠", "那么", "阳光", "青年", "青少年", "鲜花", "牛羊", "劳动", "劳务", "申请", "申报", "申诉", "桂花", "农林", "农经", "容量", "古迹", "古城",
    "易地", "衡量", "满意", "满意度", "习近平", "空缺", "暂缺", "待定", "简体", "繁体", "关爱版", "税收", "全称", "全面", "全体", "全力", "家园", "家政", "寿命", "候选", "候选人", "安居",
    "云服务", "花卉", "方志", "方向", "汤山", "乐山", "金堂", "项目化", "段落", "白皮", "白酒", "宋体", "华侨", "计算", "麻将", "席位",
))
PLACE = re.compile(r"[镇乡区县市村局委办处科网室厅站校院部栏箱队]$")
HAN_NAME = r"[一-鿿]{2,4}|[一-鿿]{1,8}(?:[·•][一-鿿]{1,8}){1,3}"
NAME = re.compile(HAN_NAME)
POST_WORD = (
    r"(?:书记|[省市县区州盟旗镇乡部厅局署司处科院校行所站队股团台馆关社]长|总队长|支队长|大队长|检察长|秘书长|理事长|董事长|指挥长|会长|主席|主任|"
    r"委员|常委|政委|协理员|巡视员|调研员|督察员|督学|专员|组长|成员|经理|总监|总裁|参谋|参赞|"
    r"(?:总|副总)(?:工程师|经济师|会计师|农艺师|规划师|兽医师|审计师|统计师|畜牧师|药师|师)|助理|人选|顾问|负责人)"
)
POST = re.compile(rf"[一-鿿\d]{{0,28}}{POST_WORD}")
POST_THEN_NAME = re.compile(rf"(?P<post>[一-鿿\d]{{0,28}}{POST_WORD})(?P<name>{HAN_NAME})")
NOT_A_POST = re.compile(r"分工|简历|信箱|活动|讲话|公示|名单|调研$|关于|任免|^(?:历届|历任)|联系|责任|编辑|审核|网站|(?:班子|领导)成员$")
SPELT = re.compile(rf"(?<![一-鿿])[一-鿿](?:[ {SEAM}]+[一-鿿](?![一-鿿])){{1,3}}")  # 邵　钧, 县　长
SEPARATOR = re.compile(rf"[\s{SEAM},，、;；:：|｜/／（）()\[\]【】〔〕<>《》>»\-—–_*●■◆▪]+")
AFTER_NAME = re.compile(r"(?:同志|先生|女士)?(?:的?(?:个人)?(?:简历|简介|履历|介绍|工作分工|分工))?$")
DECORATION = re.compile(
    r"姓名|职务|职位|现任职务|(?:个人|工作|领导|主要)?(?:简历|简介|履历|分工|职责|介绍|信息|资料)|同志|先生|女士|男|女|挂职|兼|正县级|副县级|"
    r"[正副]?[厅处科]级|更多|查看|查看更多|详情|详细|查看详情|点击查看|活动|领导活动|工作活动|讲话|重要讲话|信箱|写信|给我写信|"
    r"领导信箱|[县市区镇局]长信箱|[\d.]+|序号|more|MORE|空缺|暂缺|(?:办公|联系|监督)?电话|传真|邮箱|电子邮箱|手机"
)


@dataclass(frozen=True)
class Caption:
    """A line that says nothing but names and posts: the people on it, each with the post beside it, and posts alone."""

    people: tuple[tuple[str, str], ...] = ()
    posts: tuple[str, ...] = ()


def name_of(text: str) -> str:
    """The name that a text is, blanks, 同志 and 简历 apart; empty when it is none, or a word that only looks like one."""
    text = AFTER_NAME.sub("", "".join(text.split()).replace(SEAM, ""))
    if not NAME.fullmatch(text) or text in WORDS or POST.fullmatch(text) or DECORATION.fullmatch(text):
        return ""
    if "·" in text or "•" in text:
        return text
    if PLACE.search(text) or text[:2] in WORDS:
        return ""
    double = text[:2] in DOUBLE and len(text) >= 3
    return text if double or (len(text) <= 3 and text[0] in SURNAMES) else ""


def is_post(text: str) -> bool:
    """The text is the name of a post: 县委副书记, 副县长, 二级调研员."""
    return bool(POST.fullmatch(text)) and not NOT_A_POST.search(text)


def read_caption(text: str) -> Caption | None:
    """What a line says of people and posts; None when it says anything else as well, or names nobody and nothing."""
    parts = [part for part in SEPARATOR.split(joined(text)) if part]
    if not parts or len(parts) > 30:
        return None
    marks: list[tuple[str, str]] = []
    for part in parts:
        found = _classify(part)
        if found is None:
            return None
        marks += found
    if not any(kind in ("name", "post") for kind, _ in marks):
        return None
    return _read(marks)


def joined(text: str) -> str:
    """A text in which names and posts that are spelt wide (邵　钧, 县　长) are written together."""
    return SPELT.sub(lambda found: re.sub(rf"[\s{SEAM}]+", "", found.group()), text)


def _classify(part: str) -> list[tuple[str, str]] | None:
    if is_post(part):
        return [("post", part)]
    if name := name_of(part):
        return [("name", name)]
    if DECORATION.fullmatch(part):
        return []
    glued = POST_THEN_NAME.fullmatch(AFTER_NAME.sub("", part))
    if glued and is_post(glued["post"]) and (name := name_of(glued["name"])):
        return [("post", glued["post"]), ("name", name)]
    return None


def _read(marks: list[tuple[str, str]]) -> Caption:
    """A line that begins with a post gives it to the names that follow; one that begins with a name, the other way round."""
    if not any(kind == "name" for kind, _ in marks):
        return Caption(posts=tuple(text for _, text in marks))
    return Caption(tuple(_followed(marks) if marks[0][0] == "name" else _led(marks)))


def _led(marks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names with the run of posts before them."""
    people, posts, last = [], [], ""
    for kind, text in marks:
        if kind == "post":
            posts = [*posts, text] if last == "post" else [text]
        else:
            people.append((text, "、".join(posts)))
        last = kind
    return people


def _followed(marks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names with the run of posts after them."""
    people: list[tuple[str, list[str]]] = []
    for kind, text in marks:
        if kind == "name":
            people.append((text, []))
        else:
            people[-1][1].append(text)
    return [(name, "、".join(posts)) for name, posts in people]
