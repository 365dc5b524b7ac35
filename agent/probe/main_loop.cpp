#include "agent/probe/main_loop.hpp"

#include <glib-unix.h>
#include <glib.h>

#include <algorithm>

namespace diemcau::probe {
namespace {

struct SourceWatch : MainLoop::Watch {
  GSource* source = nullptr;
  MainLoop::Task task;
  bool once = false;
  ~SourceWatch() override {
    if (source == nullptr) return;
    g_source_destroy(source);
    g_source_unref(source);
  }
};

gboolean onSource(gpointer data) {
  auto* watch = static_cast<SourceWatch*>(data);
  const bool once = watch->once;
  const MainLoop::Task task = watch->task;  // the task may destroy its own watch
  task();
  return once ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

gboolean onFd(gint, GIOCondition, gpointer data) {
  return onSource(data);
}

gboolean onPosted(gpointer data) {
  (*static_cast<MainLoop::Task*>(data))();
  return G_SOURCE_REMOVE;
}

// Also of a task that never ran, because the loop went first.
void dropPosted(gpointer data) {
  delete static_cast<MainLoop::Task*>(data);
}

gboolean dispatchReady(GSource* source, GSourceFunc callback, gpointer data) {
  g_source_set_ready_time(source, -1);
  return callback(data);
}

GSourceFuncs ready_functions = {nullptr, nullptr, &dispatchReady, nullptr, nullptr, nullptr};

}  // namespace

struct MainLoop::Impl {
  GMainContext* context = g_main_context_new();
  GMainLoop* loop = g_main_loop_new(context, FALSE);

  Handle watch(GSource* source, Task task, bool once, GSourceFunc callback) {
    auto out = std::make_unique<SourceWatch>();
    out->source = source;
    out->task = std::move(task);
    out->once = once;
    g_source_set_callback(source, callback, out.get(), nullptr);
    g_source_attach(source, context);
    return out;
  }
};

MainLoop::MainLoop() : impl_(std::make_unique<Impl>()) {}

MainLoop::~MainLoop() {
  g_main_loop_unref(impl_->loop);
  g_main_context_unref(impl_->context);
}

void MainLoop::run() {
  g_main_loop_run(impl_->loop);
}
void MainLoop::quit() {
  g_main_loop_quit(impl_->loop);
}

void MainLoop::post(Task task) {
  GSource* source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(source, &onPosted, new Task(std::move(task)), &dropPosted);
  g_source_attach(source, impl_->context);
  g_source_unref(source);
}

MainLoop::Handle MainLoop::at(Micros steady, Task task) {
  GSource* source = g_source_new(&ready_functions, sizeof(GSource));
  const Micros wait = std::max<Micros>(0, steady - systemClock().steady());
  g_source_set_ready_time(source, g_get_monotonic_time() + wait);
  return impl_->watch(source, std::move(task), true, &onSource);
}

MainLoop::Handle MainLoop::every(Micros period, Task task) {
  return impl_->watch(g_timeout_source_new(static_cast<guint>(period / kMillisecond)), std::move(task), false,
                      &onSource);
}

MainLoop::Handle MainLoop::onSignal(int signal, Task task) {
  return impl_->watch(g_unix_signal_source_new(signal), std::move(task), false, &onSource);
}

MainLoop::Handle MainLoop::onReadable(int fd, Task task) {
  GSource* source = g_unix_fd_source_new(fd, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR));
  return impl_->watch(source, std::move(task), false,
                      reinterpret_cast<GSourceFunc>(reinterpret_cast<void (*)()>(&onFd)));
}

}  // namespace diemcau::probe
