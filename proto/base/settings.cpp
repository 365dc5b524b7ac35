// TOML by toml++, whose exceptions end here.
#include "base/settings.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <optional>
#include <set>

namespace diemcau {

struct SettingsReader::Impl {
  std::string file;
  std::optional<toml::table> table;
  std::string section;
  std::vector<std::string> keys;
  std::vector<std::pair<std::size_t, std::string>> faults;  // line, text
  std::set<std::string> asked;                              // as in keys
  std::set<std::string> sections;

  void fault(std::size_t line, std::string_view in_section, std::string_view key, const std::string& why) {
    std::string text = fmt::format("{}:{}: ", file, line);
    if (!in_section.empty()) text += fmt::format("[{}] ", in_section);
    if (!key.empty()) text += fmt::format("{}: ", key);
    faults.emplace_back(line, text + why);
  }

  // The node of `key` in the present section, or null. Remembers that it was asked for.
  const toml::node* find(std::string_view key) {
    const std::string path = section.empty() ? std::string(key) : section + "." + std::string(key);
    if (asked.insert(path).second) keys.push_back(path);
    if (!table) return nullptr;
    const toml::node* at = &*table;
    if (!section.empty()) at = table->at_path(section).node();
    if (at == nullptr || !at->is_table()) return nullptr;
    return at->as_table()->get(key);
  }

  void wrongType(const toml::node& node, std::string_view key, const char* needed) {
    fault(node.source().begin.line, section, key, needed);
  }

  // Keys in the file that nobody asked for.
  void findUnknown(const toml::table& in, const std::string& path) {
    for (const auto& [key, node] : in) {
      const std::string name(key.str());
      const std::string full = path.empty() ? name : path + "." + name;
      if (asked.count(full) != 0) continue;
      if (const toml::table* inner = node.as_table()) {
        const bool known =
            std::any_of(sections.begin(), sections.end(), [&](const std::string& known_section) {
              return known_section == full || known_section.starts_with(full + ".");
            });
        if (known) {
          findUnknown(*inner, full);
        } else {
          fault(node.source().begin.line, full, "", "there is no such section");
        }
      } else {
        fault(key.source().begin.line, path, name, "there is no such key");
      }
    }
  }
};

SettingsReader::SettingsReader(std::string_view text, std::string file) : impl_(std::make_unique<Impl>()) {
  impl_->file = std::move(file);
  try {
    impl_->table = toml::parse(text);
  } catch (const toml::parse_error& error) {
    impl_->fault(error.source().begin.line, "", "", "not TOML: " + std::string(error.description()));
  }
}

SettingsReader::~SettingsReader() = default;

SettingsReader& SettingsReader::section(std::string_view name) {
  impl_->section = name;
  impl_->sections.insert(std::string(name));
  if (impl_->table) {
    if (const toml::node* node = impl_->table->at_path(name).node(); node != nullptr && !node->is_table()) {
      impl_->fault(node->source().begin.line, name, "", "this is the name of a section and not of a key");
      impl_->asked.insert(std::string(name));
    }
  }
  return *this;
}

SettingsReader& SettingsReader::value(std::string_view key, std::string& target) {
  if (const toml::node* node = impl_->find(key)) {
    if (const auto* value = node->as_string()) {
      target = value->get();
    } else {
      impl_->wrongType(*node, key, "needs a text in quotes");
    }
  }
  return *this;
}

SettingsReader& SettingsReader::value(std::string_view key, bool& target) {
  if (const toml::node* node = impl_->find(key)) {
    if (const auto* value = node->as_boolean()) {
      target = value->get();
    } else {
      impl_->wrongType(*node, key, "needs true or false");
    }
  }
  return *this;
}

SettingsReader& SettingsReader::value(std::string_view key, std::int64_t& target, std::int64_t least,
                                      std::int64_t most) {
  if (const toml::node* node = impl_->find(key)) {
    const auto* value = node->as_integer();
    if (value == nullptr) {
      impl_->wrongType(*node, key, "needs a whole number");
    } else if (value->get() < least || value->get() > most) {
      impl_->fault(node->source().begin.line, impl_->section, key,
                   fmt::format("{} is outside of {} to {}", value->get(), least, most));
    } else {
      target = value->get();
    }
  }
  return *this;
}

SettingsReader& SettingsReader::value(std::string_view key, std::vector<std::string>& target) {
  if (const toml::node* node = impl_->find(key)) {
    const auto* array = node->as_array();
    const bool texts =
        array != nullptr &&
        std::all_of(array->begin(), array->end(), [](const toml::node& item) { return item.is_string(); });
    if (!texts) {
      impl_->wrongType(*node, key, "needs a list of texts in quotes");
      return *this;
    }
    target.clear();
    for (const toml::node& item : *array) target.push_back(item.as_string()->get());
  }
  return *this;
}

const std::vector<std::string>& SettingsReader::keys() const {
  return impl_->keys;
}

Done SettingsReader::finish() {
  if (impl_->table) impl_->findUnknown(*impl_->table, "");
  if (impl_->faults.empty()) return {};
  std::stable_sort(impl_->faults.begin(), impl_->faults.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string all;
  for (const auto& [line, text] : impl_->faults) all += (all.empty() ? "" : "\n") + text;
  return fail(ErrorCode::kInvalid, all);
}

}  // namespace diemcau
