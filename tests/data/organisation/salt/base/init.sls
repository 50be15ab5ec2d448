base-packages:
  pkg.installed:
    - pkgs: [curl]
