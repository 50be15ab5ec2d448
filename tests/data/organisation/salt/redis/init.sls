include:
  - base

redis:
  pkg.installed:
    - version: {{ pillar['redis']['version'] }}
