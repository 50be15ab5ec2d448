// A page with one thing to say: a link that does not open, a review that is gone.
#pragma once

#include <string>

namespace fanlight::app {

std::string message_page(const std::string& title, const std::string& text);

}  // namespace fanlight::app
