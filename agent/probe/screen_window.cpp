#include "agent/probe/screen_window.hpp"

#include <X11/Xatom.h>
#include <X11/Xlib.h>

namespace diemcau::probe {

struct ScreenWindow::Impl {
  Display* display = nullptr;
  Window window = 0;
};

std::unique_ptr<ScreenWindow> ScreenWindow::open() {
  auto impl = std::make_unique<Impl>();
  Display* display = impl->display = XOpenDisplay(nullptr);
  if (display == nullptr) return nullptr;
  const int screen = DefaultScreen(display);
  const Window root = RootWindow(display, screen);
  impl->window =
      XCreateSimpleWindow(display, root, 0, 0, static_cast<unsigned>(DisplayWidth(display, screen)),
                          static_cast<unsigned>(DisplayHeight(display, screen)), 0,
                          BlackPixel(display, screen), BlackPixel(display, screen));
  // A window manager, where there is one, keeps it to one screen and above the others.
  const Atom full = XInternAtom(display, "_NET_WM_STATE_FULLSCREEN", False);
  XChangeProperty(display, impl->window, XInternAtom(display, "_NET_WM_STATE", False), XA_ATOM, 32,
                  PropModeReplace, reinterpret_cast<const unsigned char*>(&full), 1);
  XStoreName(display, impl->window, "Diemcau");

  constexpr char kNothing[1] = {0};
  XColor black{};
  const Pixmap empty = XCreateBitmapFromData(display, impl->window, kNothing, 1, 1);
  const Cursor pointer = XCreatePixmapCursor(display, empty, empty, &black, &black, 0, 0);
  XDefineCursor(display, impl->window, pointer);
  XFreeCursor(display, pointer);
  XFreePixmap(display, empty);

  XSync(display, False);
  return std::unique_ptr<ScreenWindow>(new ScreenWindow(std::move(impl)));
}

ScreenWindow::ScreenWindow(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ScreenWindow::~ScreenWindow() {
  XDestroyWindow(impl_->display, impl_->window);
  XCloseDisplay(impl_->display);
}

void ScreenWindow::show() {
  XMapRaised(impl_->display, impl_->window);
  XSync(impl_->display, False);
}

std::uintptr_t ScreenWindow::id() const {
  return impl_->window;
}

}  // namespace diemcau::probe
