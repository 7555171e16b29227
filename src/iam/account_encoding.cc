#include "iam/account_encoding.h"

#include "json/base64.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::iam {
namespace {

using policy::DocumentKind;

// Every member once, for writing and for reading. An access key's id goes before its secret, which
// is sealed for it alone.
template <typename Fields, typename Any>
void visit_entity(Fields& fields, Any& entity) {
  fields("name", entity.name);
  fields("path", entity.path);
  fields("id", entity.id);
  fields("arn", entity.arn);
  fields("created_seconds", entity.created_seconds);
  fields("tags", entity.tags);
}
template <typename Fields, typename Any>
void visit_grants(Fields& fields, Any& grants) {
  fields("inline_policies", grants.inline_policies);
  fields("attached_policies", grants.attached_policies);
  fields("boundary_arn", grants.boundary_arn);
}
template <typename Fields, typename Any>
void visit_access_key(Fields& fields, Any& key) {
  fields("access_key_id", key.access_key_id);
  fields.secret("sealed_secret", key.secret_access_key, key.access_key_id);
  fields("active", key.active);
  fields("created_seconds", key.created_seconds);
}
template <typename Fields, typename Any>
void visit_version(Fields& fields, Any& version) {
  fields("id", version.id);
  fields.document("document", version.document, DocumentKind::kIdentity);
  fields("created_seconds", version.created_seconds);
}
template <typename Fields, typename Any>
void visit_user(Fields& fields, Any& user) {
  visit_entity(fields, user);
  visit_grants(fields, user.grants);
  fields("access_keys", user.access_keys);
  fields("groups", user.groups);
}
template <typename Fields, typename Any>
void visit_group(Fields& fields, Any& group) {
  visit_entity(fields, group);
  visit_grants(fields, group.grants);
}
template <typename Fields, typename Any>
void visit_role(Fields& fields, Any& role) {
  visit_entity(fields, role);
  visit_grants(fields, role.grants);
  fields.document("trust", role.trust, DocumentKind::kRoleTrust);
  fields("description", role.description);
  fields("session_seconds_max", role.session_seconds_max);
}
template <typename Fields, typename Any>
void visit_managed_policy(Fields& fields, Any& policy) {
  visit_entity(fields, policy);
  fields("description", policy.description);
  fields("versions", policy.versions);
  fields("default_version", policy.default_version);
  fields("updated_seconds", policy.updated_seconds);
  fields("next_version", policy.next_version);
}
template <typename Fields, typename Any>
void visit_settings(Fields& fields, Any& settings) {
  fields("alias", settings.alias);
  fields("root_key", settings.root_key);
}

std::string purpose_of(std::string_view access_key_id) {
  return "access key " + std::string(access_key_id);
}

class FieldWriter {
 public:
  // `box` may be nullptr for what has no secrets.
  FieldWriter(json::Writer& writer, const SecretBox* box) : writer_(writer), box_(box) {}

  void operator()(std::string_view name, const std::string& value) { writer_.member(name, value); }
  void operator()(std::string_view name, int64_t value) { writer_.member(name, value); }
  void operator()(std::string_view name, int32_t value) { writer_.member(name, value); }
  void operator()(std::string_view name, uint64_t value) {
    writer_.member(name, static_cast<int64_t>(value));
  }
  void operator()(std::string_view name, bool value) { writer_.member(name, value); }
  void operator()(std::string_view name, const std::set<std::string>& values) {
    writer_.key(name);
    writer_.begin_array();
    for (const std::string& value : values) writer_.string(value);
    writer_.end_array();
  }
  void operator()(std::string_view name, const Tags& values) {
    writer_.key(name);
    writer_.begin_object();
    for (const auto& [key, value] : values) writer_.member(key, value);
    writer_.end_object();
  }
  void operator()(std::string_view name, const std::map<std::string, PolicyDocument>& documents) {
    writer_.key(name);
    writer_.begin_object();
    for (const auto& [key, document] : documents) writer_.member(key, document.json);
    writer_.end_object();
  }
  void operator()(std::string_view name, const std::vector<AccessKey>& keys) {
    objects(name, keys, [this](const AccessKey& key) { visit_access_key(*this, key); });
  }
  void operator()(std::string_view name, const std::optional<AccessKey>& key) {
    (*this)(name, key ? std::vector{*key} : std::vector<AccessKey>());
  }
  void operator()(std::string_view name, const std::vector<PolicyVersion>& versions) {
    objects(name, versions,
            [this](const PolicyVersion& version) { visit_version(*this, version); });
  }
  void secret(std::string_view name, std::string_view value, std::string_view access_key_id) {
    writer_.key(name);
    writer_.base64(box_->seal(value, purpose_of(access_key_id)));
  }
  void document(std::string_view name, const PolicyDocument& document, DocumentKind /*kind*/) {
    writer_.member(name, document.json);
  }

 private:
  template <typename Values, typename Visit>
  void objects(std::string_view name, const Values& values, const Visit& visit) {
    writer_.key(name);
    writer_.begin_array();
    for (const auto& value : values) {
      writer_.begin_object();
      visit(value);
      writer_.end_object();
    }
    writer_.end_array();
  }

  json::Writer& writer_;
  const SecretBox* const box_;
};

// Remembers whether any member was missing, of another type, or not to be read.
class FieldReader {
 public:
  FieldReader(json::Element root, const SecretBox* box) : box_(box) {
    ok_ = root.get(object_) == simdjson::SUCCESS;
  }
  [[nodiscard]] bool ok() const { return ok_; }

  void operator()(std::string_view name, std::string& value) {
    value = get<std::string_view>(name);
  }
  void operator()(std::string_view name, int64_t& value) { value = get<int64_t>(name); }
  void operator()(std::string_view name, int32_t& value) {
    const auto wide = get<int64_t>(name);
    value = static_cast<int32_t>(wide);
    ok_ = ok_ && value == wide;
  }
  void operator()(std::string_view name, uint64_t& value) { value = get<uint64_t>(name); }
  void operator()(std::string_view name, bool& value) { value = get<bool>(name); }
  void operator()(std::string_view name, std::set<std::string>& values) {
    each<json::Array>(name, [&](json::Element value) { values.emplace(text_of(value)); });
  }
  void operator()(std::string_view name, Tags& values) {
    each<json::Object>(name, [&](const auto& field) {
      values.emplace(std::string(field.key), text_of(field.value));
    });
  }
  void operator()(std::string_view name, std::map<std::string, PolicyDocument>& documents) {
    each<json::Object>(name, [&](const auto& field) {
      documents.emplace(std::string(field.key),
                        document_of(text_of(field.value), DocumentKind::kIdentity));
    });
  }
  void operator()(std::string_view name, std::vector<AccessKey>& keys) {
    objects(name, keys, [](auto& fields, AccessKey& key) { visit_access_key(fields, key); });
  }
  void operator()(std::string_view name, std::optional<AccessKey>& key) {
    std::vector<AccessKey> keys;
    (*this)(name, keys);
    ok_ = ok_ && keys.size() <= 1;
    if (!keys.empty()) key = std::move(keys.front());
  }
  void operator()(std::string_view name, std::vector<PolicyVersion>& versions) {
    objects(name, versions,
            [](auto& fields, PolicyVersion& version) { visit_version(fields, version); });
  }
  void secret(std::string_view name, std::string& value, std::string_view access_key_id) {
    const auto sealed = json::base64_decode(get<std::string_view>(name));
    const auto opened = sealed ? box_->open_sealed(*sealed, purpose_of(access_key_id)) : sealed;
    ok_ = ok_ && opened.has_value();
    if (opened) value = *opened;
  }
  void document(std::string_view name, PolicyDocument& document, DocumentKind kind) {
    document = document_of(std::string(get<std::string_view>(name)), kind);
  }

 private:
  template <typename T>
  T get(std::string_view name) {
    T value{};
    ok_ = ok_ && object_.at_key(name).get(value) == simdjson::SUCCESS;
    return value;
  }
  template <typename Container, typename Take>
  void each(std::string_view name, const Take& take) {
    const auto container = get<Container>(name);
    if (!ok_) return;
    for (const auto element : container) take(element);
  }
  template <typename T, typename Visit>
  void objects(std::string_view name, std::vector<T>& values, const Visit& visit) {
    each<json::Array>(name, [&](json::Element element) {
      FieldReader fields(element, box_);
      T value;
      if (fields.ok()) visit(fields, value);
      ok_ = ok_ && fields.ok();
      values.push_back(std::move(value));
    });
  }
  std::string text_of(json::Element element) {
    std::string_view text;
    ok_ = ok_ && element.get(text) == simdjson::SUCCESS;
    return std::string(text);
  }
  PolicyDocument document_of(std::string json, DocumentKind kind) {
    PolicyDocument document{std::move(json), nullptr};
    if (!ok_) return document;
    auto read = policy::read_policy(document.json, kind);
    ok_ = read.ok();
    if (ok_) document.policy = *std::move(read);
    return document;
  }

  json::Object object_;
  const SecretBox* const box_;
  bool ok_;
};

template <typename T, typename Visit>
std::string write(const T& value, const SecretBox* box, const Visit& visit) {
  std::string out;
  json::Writer writer(out);
  FieldWriter fields(writer, box);
  writer.begin_object();
  visit(fields, value);
  writer.end_object();
  return out;
}

template <typename T, typename Visit>
Result<T> read(std::string_view text, const SecretBox* box, std::string_view what,
               const Visit& visit) {
  const Error unreadable = internal_error("a stored " + std::string(what) + " cannot be read");
  const auto document = json::Document::parse(text);
  if (!document) return unreadable;
  FieldReader fields(document->root(), box);
  if (!fields.ok()) return unreadable;
  T value;
  visit(fields, value);
  if (!fields.ok()) return unreadable;
  return value;
}

}  // namespace

std::string write_user(const User& user, const SecretBox& box) {
  return write(user, &box, [](auto& fields, auto& value) { visit_user(fields, value); });
}
std::string write_group(const Group& group) {
  return write(group, nullptr, [](auto& fields, auto& value) { visit_group(fields, value); });
}
std::string write_role(const Role& role) {
  return write(role, nullptr, [](auto& fields, auto& value) { visit_role(fields, value); });
}
std::string write_managed_policy(const ManagedPolicy& policy) {
  return write(policy, nullptr,
               [](auto& fields, auto& value) { visit_managed_policy(fields, value); });
}
std::string write_settings(const AccountSettings& settings, const SecretBox& box) {
  return write(settings, &box, [](auto& fields, auto& value) { visit_settings(fields, value); });
}

Result<User> read_user(std::string_view text, const SecretBox& box) {
  return read<User>(text, &box, "user",
                    [](auto& fields, auto& value) { visit_user(fields, value); });
}
Result<Group> read_group(std::string_view text) {
  return read<Group>(text, nullptr, "group",
                     [](auto& fields, auto& value) { visit_group(fields, value); });
}
Result<Role> read_role(std::string_view text) {
  return read<Role>(text, nullptr, "role",
                    [](auto& fields, auto& value) { visit_role(fields, value); });
}
Result<ManagedPolicy> read_managed_policy(std::string_view text) {
  return read<ManagedPolicy>(text, nullptr, "managed policy", [](auto& fields, auto& value) {
    visit_managed_policy(fields, value);
  });
}
Result<AccountSettings> read_settings(std::string_view text, const SecretBox& box) {
  return read<AccountSettings>(text, &box, "root access key",
                               [](auto& fields, auto& value) { visit_settings(fields, value); });
}

}  // namespace millrace::iam
