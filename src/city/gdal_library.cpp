// dlopen(3) by the name that the build found.
#include "city/gdal_library.h"

#include <dlfcn.h>

#include <mutex>
#include <string>

#include <fmt/format.h>

namespace citiverse::city {
namespace {

struct Loaded {
  Gdal gdal;
  std::string missing;
};

Loaded load() {
  Loaded loaded;
  void* library = ::dlopen(CITIVERSE_GDAL_LIBRARY, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    loaded.missing = ::dlerror();
    return loaded;
  }
  const auto find = [&]<class F>(F& function, const char* name) {
    function = reinterpret_cast<F>(::dlsym(library, name));
    if (function == nullptr) loaded.missing = fmt::format("{} has no function {}", CITIVERSE_GDAL_LIBRARY, name);
  };
#define CITIVERSE_GDAL(function) find(loaded.gdal.function, #function);
#include "city/gdal_functions.inc"
#undef CITIVERSE_GDAL
  if (!loaded.missing.empty()) return loaded;
  const Gdal& g = loaded.gdal;
  // No sidecar files are written or searched: a city folder holds what it says, and a source cannot point elsewhere.
  g.CPLSetConfigOption("GDAL_PAM_ENABLED", "NO");
  g.CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
  g.CPLSetErrorHandler(g.CPLQuietErrorHandler);
  g.GDALRegister_GTiff();
  g.GDALRegister_COG();
  g.GDALRegister_SRTMHGT();
  g.GDALRegister_MEM();
  return loaded;
}

}  // namespace

base::Result<const Gdal*> Gdal::get() {
  static const Loaded loaded = load();
  if (!loaded.missing.empty())
    return base::fail(base::ErrorCode::unavailable, fmt::format("elevation files need GDAL: {}", loaded.missing));
  return &loaded.gdal;
}

}  // namespace citiverse::city
