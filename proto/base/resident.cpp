#include "base/resident.hpp"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace diemcau {
namespace {

// Some old code is changed while it is loaded: its pages are not those of the file.
bool changedAtLoad(const dl_phdr_info& library) {
  for (int n = 0; n < library.dlpi_phnum; ++n) {
    if (library.dlpi_phdr[n].p_type != PT_DYNAMIC) continue;
    const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(library.dlpi_addr + library.dlpi_phdr[n].p_vaddr);
    for (; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_TEXTREL) return true;
      if (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0) return true;
    }
  }
  return false;
}

int forgetLibrary(dl_phdr_info* library, std::size_t, void*) {
  if (changedAtLoad(*library)) return 0;
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int n = 0; n < library->dlpi_phnum; ++n) {
    const auto& part = library->dlpi_phdr[n];
    // What could be written to is this process's own and nowhere else.
    if (part.p_type != PT_LOAD || (part.p_flags & PF_W) != 0) continue;
    const std::uintptr_t from = (library->dlpi_addr + part.p_vaddr) / page * page;
    const std::uintptr_t to = library->dlpi_addr + part.p_vaddr + part.p_memsz;
    madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void forgetStart() {
  dl_iterate_phdr(&forgetLibrary, nullptr);
}

}  // namespace diemcau
