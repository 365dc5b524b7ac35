// How the desk answers: problems, small JSON, and what a browser may do with it. Private to this folder.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/server.hpp"

namespace diemcau::agent {

net::HttpResponse secured(net::HttpResponse response);
net::HttpResponse problem(int status, const Error& error);
net::HttpResponse problem(const Error& error);
net::HttpResponse wrongMethod(std::string_view allowed);
net::HttpResponse json(std::string body);

}  // namespace diemcau::agent
