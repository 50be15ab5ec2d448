// The functions of Terraform that make texts of texts. Anything else is unknown. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "hcl_value.hpp"

namespace fanlight::coupling {

HclValue call_hcl_function(std::string_view name, const std::vector<HclValue>& arguments);

}  // namespace fanlight::coupling
