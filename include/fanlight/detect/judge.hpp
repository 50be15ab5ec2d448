// Is this text a credential, or does it only look like one? For matches that no structure proves: generic
// assignments, passwords in URLs. Word lists, entropy, position; a reference, a placeholder or a test default is not a
// secret. Pure. The engine calls it for rules with `placeholders: true`.
#pragma once

#include <string_view>

namespace fanlight::detect {

// var.x, ${X}, $(cmd), {{ x }}, <your-token>, %(x)s, os.environ[...], !Ref, vault://…, op://…, arn of a secret …
bool is_reference(std::string_view value);
// changeme, xxxx, example, your-api-key, 123456, repeated or sequential characters, words of natural language …
bool is_placeholder(std::string_view value);

}  // namespace fanlight::detect
