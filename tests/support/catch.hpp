// The one place that names Catch2's header: version 2 here, version 3 on newer systems.
#pragma once
// An exception that escapes an assertion ends its test case, and the case compiles a tenth faster.
#define CATCH_CONFIG_FAST_COMPILE
#include <catch2/catch.hpp>
