// Rules that between them use every feature of the engine.
#pragma once

#include "fanlight/detect/rule.hpp"

namespace fanlight::test {

inline constexpr std::string_view kDemoRules = R"yaml(
- id: demo-token
  name: Demo token
  service: demo
  kind: secret
  anchors: [dmo_, dmx_]
  pattern: '\b(dm[ox]_[0-9a-z]{20})\b'
  window: {before: 0}
  message: m
  remedy: r
- id: demo-assignment
  name: Demo assignment
  service: demo
  kind: secret
  anchors: [demo_password]
  ignore_case: true
  pattern: '(?i)[a-z_]{0,20}demo_password[ \t]{0,5}=[ \t]{0,5}"([^"\r\n]{8,120})"'
  entropy: 2.5
  placeholders: true
  message: m
  remedy: r
- id: demo-line
  name: Demo line
  service: demo
  kind: secret
  anchors: ["host "]
  pattern: '^host (db[0-9])$'
  message: m
  remedy: r
- id: demo-pem
  name: Demo key
  service: demo
  kind: secret
  anchors: ["-----BEGIN DEMO"]
  pattern: '-----BEGIN DEMO KEY-----[^-]*-----END DEMO KEY-----'
  window: {before: 0, after: 20000}
  message: m
  remedy: r
- id: demo-part
  name: Demo part
  service: demo
  kind: secret
  anchors: ["demo-part: "]
  pattern: 'demo-part: (?P<secret>[0-9a-z]{10})\b'
  partner: {pattern: 'demo-id: [0-9]{1,9}', lines: 2}
  message: m
  remedy: r
- id: demo-only
  name: Demo only
  service: demo
  kind: secret
  anchors: [demo-only]
  pattern: 'demo-only ([0-9a-z]{8})'
  paths: {only: ["*.sh"], not: ["test/"]}
  message: m
  remedy: r
- id: demo-host
  name: Demo host
  service: demo
  kind: coupling
  anchors: [.demo.example]
  pattern: '\b[0-9a-z_.]{1,40}\.demo\.example\b'
  severity: warn
  axis: [disclosure]
  message: m
  remedy: r
- id: demo-name
  name: Demo name
  service: demo
  kind: coupling
  anchors: [acmecorp, initech]
  pattern: '\b(?:acmecorp|initech)[0-9]{0,3}\b'
  severity: warn
  axis: [portability]
  message: m
  remedy: r
)yaml";

inline detect::RuleSet demo_rules() {
  return detect::parse_rules(kDemoRules, "demo.yaml").value();
}

}  // namespace fanlight::test
