// Templates over other formats: Jinja, Go templates, ERB and EPP. Their parts are replaced by filler of the
// same length, so that what is left reads as the format it is a template of, and every span still fits the
// file.
#pragma once

#include <string>

#include "syntax/builder.hpp"

namespace fanlight::coupling {

struct TemplateStyle {
  bool braces = false;      // {{ … }}
  bool statements = false;  // {% … %}
  bool comments = false;    // {# … #}
  bool angles = false;      // <% … %>
  char filler = 'x';        // what a value is replaced by
  bool any() const { return braces || statements || comments || angles; }
};

// Which of them the file may hold, by its name and format.
TemplateStyle template_style(std::string_view path, Format format);
// "x.yaml.j2" -> "x.yaml".
std::string_view without_template_suffix(std::string_view path);

// A longer template is text. Real ones that long are data that happens to hold braces.
inline constexpr std::size_t kTemplateBytesMax = 16 * 1024;

// The masked text; empty when there is no template in it. References and insets go to the builder.
std::string mask_templates(Builder& builder, const TemplateStyle& style);

}  // namespace fanlight::coupling
