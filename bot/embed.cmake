# Writes OUT/embedded.{hpp,cpp}: the text of FILES (a list, relative to BASE) for box BOX.
set(body "")
foreach(file IN LISTS FILES)
  file(READ ${BASE}/${file} text)
  string(APPEND body "  if (name == \"${file}\") return std::string_view{R\"embed~(${text})embed~\", sizeof(R\"embed~(${text})embed~\") - 1};\n")
endforeach()
file(WRITE ${OUT}/embedded.hpp "#pragma once\n#include <string_view>\nnamespace fanlight::${BOX} {\n// The text of a file compiled in; empty when there is none of that name.\nstd::string_view embedded(std::string_view name);\n}\n")
file(WRITE ${OUT}/embedded.cpp "#include \"embedded.hpp\"\nnamespace fanlight::${BOX} {\nstd::string_view embedded(std::string_view name) {\n${body}  return {};\n}\n}\n")
