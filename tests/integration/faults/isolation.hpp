// Mounts and networks of a test's own, gone with it: nothing outside sees them. They need root.
#pragma once

#include <string>
#include <vector>

namespace diemcau::test {

// True in a mount namespace and a network namespace of this process's own, with the loopback up; children
// that are started afterwards are in them too. False: not permitted here, and it was said.
bool isolated();

class SmallDisk {
 public:
  explicit SmallDisk(unsigned kib);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::string& path() const { return path_; }
  void fill();   // to the last byte
  void clear();  // what fill() wrote

  // Temporary directories that are made while it lives are on the disk.
  class Inside {
   public:
    explicit Inside(const SmallDisk& disk);
    ~Inside();
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    std::string before_;
  };

 private:
  std::string path_;
};

// Runs a program to its end, without a shell; the test fails when it fails.
void run(std::vector<std::string> argv);

// Another network namespace, with a link to the first one: 10.77.0.1 here, 10.77.0.2 there.
class OtherNetwork {
 public:
  OtherNetwork();
  ~OtherNetwork();
  OtherNetwork(const OtherNetwork&) = delete;
  OtherNetwork& operator=(const OtherNetwork&) = delete;

  int fd() const { return fd_; }
  static int here();  // the first one's
  // The calling thread, and what it starts, is there while this lives.
  class Visit {
   public:
    explicit Visit(int fd);
    ~Visit();
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    int back_;
  };

 private:
  int fd_ = -1;
};

// Packets of TCP to and from a port of this namespace, dropped while it lives.
class Cut {
 public:
  enum class Way { kBoth, kFromPort };  // kFromPort: what the listener sends is lost, what it gets is not
  explicit Cut(unsigned port, Way way = Way::kBoth);
  ~Cut();
  Cut(const Cut&) = delete;
  Cut& operator=(const Cut&) = delete;
};

}  // namespace diemcau::test
