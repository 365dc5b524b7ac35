// What only the start of a process needed.
#pragma once

namespace diemcau::probe {

// A hundred libraries come with the decoders, most of them for codecs that nobody plays: their symbols were
// read and their beginnings run once. Those pages leave this process and stay in the system's cache for as
// long as nobody needs the room; what is needed again comes back by itself.
void forgetStart();

}  // namespace diemcau::probe
