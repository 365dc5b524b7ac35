# cmake -DOUT=page.cpp -DDIR=page -P embed.cmake: the page's files as one C++ source.
function(file_entry path name type)
  file(READ ${DIR}/${name} body)
  if(body MATCHES "\\)PAGE_FILE\"")
    message(FATAL_ERROR "${name} holds the end mark of a raw string")
  endif()
  string(APPEND entries "    {\"${path}\", \"${type}\", R\"PAGE_FILE(${body})PAGE_FILE\"},\n")
  set(entries "${entries}" PARENT_SCOPE)
endfunction()

file_entry(/ desk.html "text/html; charset=utf-8")
file_entry(/desk.css desk.css "text/css; charset=utf-8")
file_entry(/desk.js desk.js "text/javascript; charset=utf-8")
file_entry(/icon.svg icon.svg "image/svg+xml")
file(WRITE ${OUT} "// Made by embed.cmake.
#include \"agent/desk/page.hpp\"
namespace diemcau::agent {
namespace {
constexpr PageFile kFiles[] = {
${entries}};
}  // namespace
std::span<const PageFile> pageFiles() { return kFiles; }
}  // namespace diemcau::agent
")
