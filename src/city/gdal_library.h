// GDAL, loaded when a raster is first read or written: it takes 20 MB and 60 ms, which a server with a good pack never spends.
// Private to the raster files of this room: nobody else includes it.
#pragma once

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <gdal_frmts.h>
#include <ogr_srs_api.h>

#include "base/result.h"

namespace citiverse::city {

/// The functions of GDAL's C API that are used, by their own names. Threads: calls on different datasets are safe.
struct Gdal {
#define CITIVERSE_GDAL(function) decltype(&::function) function = nullptr;
#include "city/gdal_functions.inc"
#undef CITIVERSE_GDAL

  /// Loads the library once and registers the drivers GTiff, COG, SRTMHGT and MEM. Fails: unavailable.
  static base::Result<const Gdal*> get();
};

}  // namespace citiverse::city
