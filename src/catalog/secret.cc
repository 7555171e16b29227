#include "catalog/secret.h"

#include <future>

#include "catalog/catalog.h"

namespace millrace::catalog {

Result<Bytes> load_or_create_secret(engine::Engine& engine, std::string_view name, Random& random) {
  const Bytes key = kSecretTag + std::string(name);
  auto stored = TRY(engine.get(kCatalogPartition, key));
  if (stored) return std::move(*stored);
  Bytes secret = random.bytes(32);
  std::promise<Status> committed;
  engine.commit({{kCatalogPartition, {engine::Put{key, secret}}, {}}},
                [&](Status status) { committed.set_value(std::move(status)); });
  TRY(committed.get_future().get());
  return secret;
}

}  // namespace millrace::catalog
