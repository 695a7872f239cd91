// What nearly every test includes: cmake/pch.hpp and GoogleTest.
#include "pch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
