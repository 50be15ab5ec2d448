// Is this text a credential, or does it only look like one? For matches that no structure proves: generic
// assignments, passwords in URLs. Word lists, entropy, position; a reference, a placeholder or a test default
// is not a secret. Pure, a pass or two over the value. The engine calls it for rules with `placeholders:
// true`.
#pragma once

#include <string_view>

namespace fanlight::detect {

// The value says where the secret is: var.x, ${X}, $(cmd), {{ x }}, <your-token>, %(x)s, os.environ[...],
// !Ref, vault://…, op://…, a file's path, a call.
bool is_reference(std::string_view value);
// The value was written to be replaced, or is no value: changeme, xxxx, example, your-api-key, 123456,
// repeated or sequential characters, numbers and dates, words of natural language, names of things.
bool is_placeholder(std::string_view value);
// The value is mixed as only a generator mixes: what a token or key must be, and a password may be.
bool looks_random(std::string_view value);

// As a part of an expression: no name, because too few of its letters stand in runs that can be read.
// "Ed25519PrivateKey" is a name in spite of its number.
bool is_unreadable(std::string_view part);
// Three kinds of characters with a mark among them, or random: what is a password even without quotes around
// it.
bool is_strong_password(std::string_view value);

}  // namespace fanlight::detect
