// The checks behind structure.hpp, by family. Each takes the matched secret, as hostile as any input: bounded
// work, no exception, no copy in the detail of anything that is secret.
#pragma once

#include <string_view>

#include "fanlight/detect/structure.hpp"

namespace fanlight::detect {

// structure_checksum.cpp: a check value at the end of the token.
StructureResult check_github(std::string_view token);
StructureResult check_github_pat(std::string_view token);
StructureResult check_vercel(std::string_view token);
StructureResult check_atlassian(std::string_view token);
StructureResult check_cloudflare(std::string_view token);
StructureResult check_grafana(std::string_view token);
StructureResult check_confluent(std::string_view token);
StructureResult check_zuplo(std::string_view token);
StructureResult check_gitlab_routable(std::string_view token);
StructureResult check_azure_storage(std::string_view token);
StructureResult check_azure_key(std::string_view token);
StructureResult check_age(std::string_view token);
StructureResult check_aws_access_key_id(std::string_view token);

// structure_document.cpp: a document inside the token.
StructureResult check_jwt(std::string_view token);
StructureResult check_github_stateless(std::string_view token);
StructureResult check_pypi(std::string_view token);
StructureResult check_json_token(std::string_view token);

// structure_keys.cpp: private keys, parsed by OpenSSL.
StructureResult check_private_key(std::string_view token);

}  // namespace fanlight::detect
