"""What databases complain about, as one Chinese sentence for people."""
import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from pytest_govsite.history.nouns import HistoryError

SQLITE_WORDS = {
    "SQLITE_FULL": "磁盘已满；已经写入的记录完好，腾出空间后可以接着写",
    "SQLITE_NOTADB": "这个文件不是 SQLite 数据库，请换一个路径",
    "SQLITE_CORRUPT": "文件已损坏，请用备份恢复，或换一个路径",
    "SQLITE_READONLY": "文件是只读的，请检查文件和所在文件夹的权限",
    "SQLITE_PERM": "没有读写这个文件的权限",
    "SQLITE_CANTOPEN": "文件打不开，请检查文件和所在文件夹的权限",
    "SQLITE_BUSY": "另一个程序一直占用着它，请稍后再试",
    "SQLITE_LOCKED": "另一个程序一直占用着它，请稍后再试",
    "SQLITE_NOLFS": "文件超出了文件系统的上限",
    "SQLITE_IOERR": "读写磁盘出错，磁盘可能已满或有故障；已经写入的记录不受影响",
}
POSTGRESQL_WORDS = {
    "53100": "服务器的磁盘已满；已经写入的记录完好，腾出空间后可以接着写",
    "53300": "服务器的连接数已满，请稍后再试",
    "42501": "这个用户没有建表或读写的权限",
    "25006": "服务器是只读的",
    "57014": "等待超过了时限，请稍后再试",
    "55P03": "另一个程序一直占用着它，请稍后再试",
    "40P01": "与另一个程序互相等待，请再试一次",
}
BROKEN = ("08", "57P")  # classes of codes: the connection was lost, the server is going down
# psycopg tells no code for what happens before the connection stands: the server's words, in English or in Chinese
CONNECTING_WORDS = (
    (("password authentication failed", "fe_sendauth", "密码认证失败"), "用户名或密码不对"),
    (("no pg_hba.conf entry", "authentication failed", "认证失败", "pg_hba.conf"), "服务器不许这个用户从本机登录"),
    (("database",  "数据库"), "服务器上没有这个数据库，请先用 createdb 建好"),
    (("role", "角色"), "服务器上没有这个用户"),
    (("starting up", "shutting down", "in recovery"), "服务器正在启动或停止，请稍后再试"),
    (("too many", "remaining connection slots", "连接"), "服务器的连接数已满，请稍后再试"),
)
SYSTEM_WORDS = {
    errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.EROFS: "磁盘是只读的", errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘已满", errno.ENOTDIR: "路径中有一段不是文件夹", errno.EEXIST: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "路径太长", errno.ELOOP: "路径中的链接绕成了圈",
}


@contextmanager
def plain_errors(place: str) -> Iterator[None]:
    """Turns whatever a database, its driver or the file system raises inside into a HistoryError about this place."""
    try:
        yield
    except HistoryError:
        raise
    except DBAPIError as error:
        raise HistoryError(f"历史库 {place}：{_words(error.orig)}") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise HistoryError(f"历史库 {place}：{_words(error)}") from error
    except OSError as error:
        words = SYSTEM_WORDS.get(error.errno, error.strerror or str(error))
        raise HistoryError(f"历史库 {place}：打不开或写不进，{words}") from error


def _words(error: BaseException) -> str:
    if isinstance(error, sqlite3.Error):
        return _sqlite_words(error)
    code = getattr(error, "sqlstate", None) or ""
    if words := POSTGRESQL_WORDS.get(code):
        return words
    if isinstance(error, SQLAlchemyError) or code and not code.startswith(BROKEN):
        return f"出错（{code} {_first_line(error)}）"
    return _unconnected(_first_line(error))


def _sqlite_words(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "")  # such as SQLITE_IOERR_WRITE, of which the first two words say enough
    words = SQLITE_WORDS.get("_".join(name.split("_")[:2]))
    return f"{words}（{name}）" if words else f"出错（{_first_line(error)}）"


def _unconnected(said: str) -> str:
    if any(sign in said for sign in ("FATAL", "致命错误", "fe_sendauth")):
        for signs, words in CONNECTING_WORDS:
            if any(sign in said for sign in signs):
                return f"{words}（{said}）"
    return f"连不上 PostgreSQL 服务器，或者中途断开（{said}）"


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
