// Routes that make sessions from others: copies and templates.
#include "coordinator/api/handlers.hpp"
#include "coordinator/api/problem.hpp"

namespace diemcau::api {

void Handlers::copySession(Call call) {
  v1::Command command;
  if (!desk_.body(call, *command.mutable_copy_session())) return;
  desk_.command(std::move(call), std::move(command), created);
}

net::HttpResponse Handlers::created(const v1::CommandReply& reply) {
  net::HttpResponse response;
  response.status = 201;
  response.headers.emplace_back("Location", "/api/v1/sessions/" + reply.session().id());
  return response;
}

void Handlers::templates(Call call) {
  desk_.answer(std::move(call.respond), std::make_shared<const v1::SessionTemplateList>(
                                            scoped(call).templates(ports_.core.templates())));
}

void Handlers::saveTemplate(Call call) {
  v1::Command command;
  if (!desk_.body(call, *command.mutable_save_template())) return;
  desk_.command(std::move(call), std::move(command), [](const v1::CommandReply&) {
    net::HttpResponse response;
    response.status = 201;
    return response;
  });
}

void Handlers::deleteTemplate(Call call) {
  v1::Command command;
  command.mutable_delete_template()->set_id(call.param("id"));
  desk_.command(std::move(call), std::move(command));
}

}  // namespace diemcau::api
