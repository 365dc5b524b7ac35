// A table of routes: method, pattern, handler. A pattern's "{name}" takes one segment of the path.
//
// An unknown path is a 404 problem, a known one with another method a 405 with Allow; a POST or PUT body that
// is not declared as JSON is a 415.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/core/people.hpp"
#include "coordinator/core/scope.hpp"
#include "net/server.hpp"

namespace diemcau::api {

struct Call {
  net::HttpRequest request;
  std::map<std::string, std::string> params;  // from the pattern
  net::Respond respond;
  core::Identity who;  // by the gate
  core::Scope scope;   // where they may do this

  const std::string& param(const std::string& name) const;
  std::string query(const std::string& name) const;  // empty: absent
};

struct Route {
  std::string method;
  std::string pattern;
  std::function<void(Call)> handle;
};

class Router {
 public:
  // `gate`: called before a route's handler and before anything is told of the route; false: it has answered.
  using Gate = std::function<bool(const Route& route, Call& call)>;
  explicit Router(std::vector<Route> routes, Gate gate = {});
  void handle(net::HttpRequest request, net::Respond respond) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  Gate gate_;
};

// False: they do not match. Segments in braces land in `params`.
bool matchPattern(std::string_view pattern, std::string_view path,
                  std::map<std::string, std::string>& params);

}  // namespace diemcau::api
