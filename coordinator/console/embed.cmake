# Writes a C++ file that holds the page's files: cmake -DOUT=... -DDIR=... -P embed.cmake
set(files "index.html|/|text/html~ charset=utf-8" "assets/page.css|/assets/page.css|text/css~ charset=utf-8"
          "assets/page.js|/assets/page.js|text/javascript~ charset=utf-8"
          "assets/sign_in.js|/assets/sign_in.js|text/javascript~ charset=utf-8"
          "assets/words.js|/assets/words.js|text/javascript~ charset=utf-8"
          "assets/state.js|/assets/state.js|text/javascript~ charset=utf-8"
          "assets/tiles.js|/assets/tiles.js|text/javascript~ charset=utf-8"
          "assets/icon.svg|/assets/icon.svg|image/svg+xml")
set(arrays "")
set(rows "")
set(number 0)
foreach(entry ${files})
  string(REPLACE "|" ";" parts "${entry}")
  list(POP_FRONT parts name path type)
  string(REPLACE "~" ";" type "${type}")  # a semicolon would have split the list
  file(READ ${DIR}/${name} hex HEX)
  file(SHA256 ${DIR}/${name} digest)
  string(SUBSTRING ${digest} 0 16 digest)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND arrays "const char kFile${number}[] = {${bytes}};\n")
  string(APPEND rows "      {\"${path}\", \"${type}\", \"\\\"${digest}\\\"\", {kFile${number}, sizeof kFile${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "// Made by embed.cmake out of the page's files.
#include \"coordinator/api/assets.hpp\"

namespace diemcau::api {
namespace {
${arrays}}  // namespace

const std::vector<Asset>& assets() {
  static const std::vector<Asset> kAssets = {
${rows}  };
  return kAssets;
}

}  // namespace diemcau::api
")
