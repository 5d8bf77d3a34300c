#!/usr/bin/python3
"""Judge: QGIS opens city.gpkg and terrain.tif: every layer is valid, lies on the globe, and gives its features and its heights.

Use: /usr/bin/python3 check_qgis.py FOLDER   (Debian's python3-qgis; exit code 77 where it is missing)
"""
import os
import sqlite3
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
try:
    from qgis.core import QgsApplication, QgsRasterLayer, QgsVectorLayer
except ImportError:
    print("python3-qgis is not installed")
    sys.exit(77)


def check(folder):
    """Every fault found, as sentences."""
    faults = []
    package = os.path.join(folder, "city.gpkg")
    with sqlite3.connect(f"file:{package}?mode=ro", uri=True) as database:
        tables = dict(database.execute(
            "SELECT c.table_name, (SELECT column_name FROM gpkg_geometry_columns g WHERE g.table_name = c.table_name)"
            " FROM gpkg_contents c WHERE data_type IN ('features', 'attributes')"))
        counts = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    if not tables:
        faults.append("city.gpkg has no layer")
    for name, geometry in tables.items():
        layer = QgsVectorLayer(f"{package}|layername={name}", name, "ogr")
        if not layer.isValid():
            faults.append(f"{name}: QGIS cannot open it: {layer.error().summary()}")
            continue
        read = sum(1 for _ in layer.getFeatures())
        if read != counts[name]:
            faults.append(f"{name}: QGIS reads {read} of {counts[name]} rows")
        if geometry is None or read == 0:
            continue
        if layer.crs().authid() != "EPSG:4326":
            faults.append(f"{name}: QGIS takes it for {layer.crs().authid()}")
        empty = sum(1 for feature in layer.getFeatures() if feature.geometry().isNull())
        if empty:
            faults.append(f"{name}: {empty} features without a geometry")
    terrain = os.path.join(folder, "terrain.tif")
    if os.path.exists(terrain):
        raster = QgsRasterLayer(terrain, "terrain")
        if not raster.isValid() or not raster.crs().isValid():
            faults.append("terrain.tif: QGIS cannot open it or does not know where it lies")
        else:
            middle, known = raster.dataProvider().sample(raster.extent().center(), 1)
            if not known or not -500 < middle < 9000:
                faults.append(f"terrain.tif: its middle has the height {middle}")
    print(f"{folder}: {len(tables)} layers, {sum(counts.values())} rows")
    return faults


application = QgsApplication([], False)
application.initQgis()
found = check(sys.argv[1])
for fault in found:
    print(fault)
application.exitQgis()
sys.exit(1 if found else 0)
