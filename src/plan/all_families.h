// The families that there are: one small file each.
#pragma once

#include "plan/family.h"

namespace citiverse::plan {

extern const Family kBuildingFamily;
extern const Family kStreetFamily;
extern const Family kTreeFamily;
extern const Family kGreenFamily;
extern const Family kWaterFamily;
extern const Family kLandUseFamily;
extern const Family kPavedFamily;
extern const Family kPlaceFamily;
extern const Family kStopFamily;
extern const Family kLineFamily;
extern const Family kJunctionFamily;
extern const Family kPolicyFamily;

}  // namespace citiverse::plan
