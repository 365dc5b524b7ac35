// The course of a run: which system is measured when, and what is written at the end.
#pragma once

#include "tests/bench/book.hpp"
#include "tests/bench/jobs.hpp"
#include "tests/bench/options.hpp"

namespace diemcau::bench {

class Course {
 public:
  explicit Course(Options options);
  // Every job, transport and number of sites. Throws Ended when it is asked to end.
  void run();
  // Tables to standard output; CSV, chart and JSON to their files. False: a file could not be written.
  bool tell() const;

 private:
  // One system in one job: the same coordinator is measured with the generator and with the fleet.
  struct Entrant {
    std::string name;
    std::unique_ptr<System> system;
    void (*run)(Round&) = nullptr;
  };
  std::vector<Entrant> entrants(const JobKind& kind, bool tls, std::size_t sites);
  void measure(const JobKind& kind, bool tls, std::size_t sites);
  bool wanted(const std::string& system) const;

  const Options options_;
  const Programs programs_;
  const std::map<std::string, std::string> machine_;
  const std::size_t descriptors_;
  std::map<std::string, std::string> versions_;
  Book book_;
};

}  // namespace diemcau::bench
