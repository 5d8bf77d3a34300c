// What nearly every test needs, compiled once: the standard headers and GoogleTest.
#pragma once
#include "std_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
