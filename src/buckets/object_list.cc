#include "buckets/object_list.h"

#include <pugixml.hpp>

#include "auth/uri.h"

namespace millrace::buckets {

Result<ObjectList> parse_object_list(ByteView xml) {
  pugi::xml_document document;
  const auto parsed =
      document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
  const pugi::xml_node root = document.child("ListBucketResult");
  if (!parsed || !root) {
    return Error{ErrorCode::kServiceException, "the service's list of objects cannot be read"};
  }
  const bool encoded = std::string_view(root.child_value("EncodingType")) == "url";
  ObjectList list;
  for (const pugi::xml_node object : root.children("Contents")) {
    std::string name = object.child_value("Key");
    // Services encode a space as "+".
    if (encoded) {
      for (char& c : name) c = c == '+' ? ' ' : c;
      name = auth::uri_decode(name);
    }
    list.names.push_back(std::move(name));
  }
  if (std::string_view(root.child_value("IsTruncated")) == "true") {
    list.next_token = root.child_value("NextContinuationToken");
    if (list.next_token.empty()) {
      return Error{ErrorCode::kServiceException, "the service's list of objects breaks off"};
    }
  }
  return list;
}

}  // namespace millrace::buckets
