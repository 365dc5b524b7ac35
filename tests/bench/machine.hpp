// The machine that figures are of, and what processes on it use. Linux only: it reads /proc.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include "base/time.hpp"

namespace diemcau::bench {

// cores, cpu, kernel, system, memory_mib, file_system (of temporary files, where the stores are).
std::map<std::string, std::string> machineFacts();

// Processor time of all threads of a process since it began. 0: it is gone.
Micros processorTime(pid_t pid);
// Memory of its own that it holds now, in bytes: RssAnon, without the program's file and shared libraries.
double memoryOf(pid_t pid);
// All it holds, libraries too.
double residentOf(pid_t pid);
// Of the calling thread: the generator's.
Micros ownProcessorTime();

// As many descriptors as the system lets us have, for us and those we start; how many that are.
std::size_t raiseDescriptors();

// SIGINT and SIGTERM end the bench properly: whatever runs is given up, what was started is ended.
struct Ended {};
void watchForEnd();
void endIfAsked();  // throws Ended

}  // namespace diemcau::bench
