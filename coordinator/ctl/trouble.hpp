// What is wrong with a site, in a word that an operator acts on: the worst first. Private to this folder.
#pragma once

#include "coordinator/ctl/speech.hpp"
#include "diemcau/v1/view.pb.h"

namespace diemcau::ctl {

struct Trouble {
  int rank = 0;  // 0: nothing; higher is worse
  Style style = Style::kPlain;
  std::string text;
};

Trouble troubleOf(const v1::SiteView& site, Micros now, const Speech& speech);

}  // namespace diemcau::ctl
