// The one place that names Catch2's header: version 2 here, version 3 on newer systems.
#pragma once
#include <catch2/catch.hpp>
