"""A sweep over many machines: one inspection per site, each in processes of its own, on a Dask cluster.

    parcels, pasts      what an inspection needs, as bytes: the sites file and others, what the history knows of the site
    inspecting, keeper  there: unpacks the parcel, runs pytest under limits, packs what it found
    baggage             what comes home: ledger lines and evidence in one archive, unpacked as if it came from an enemy
    units, cluster      which site is next; the machines
    sweep               here: hands out, takes over, one writer
"""
