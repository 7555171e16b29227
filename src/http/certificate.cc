#include "http/certificate.h"

#include <algorithm>
#include <array>
#include <memory>

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "http/tls_session.h"

namespace millrace::http {
namespace {

constexpr int64_t kSecondsPerDay = 86'400;
// RFC 5280, section 4.1.2.2: at most 20 bytes, and positive.
constexpr int kSerialBytes = 16;
constexpr size_t kCommonNameBytesMax = 64;  // RFC 5280, ub-common-name

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;

struct Issuer {
  X509* certificate;
  EVP_PKEY* key;
};

struct ExtensionText {
  int nid;
  const char* value;
};

constexpr auto kAuthorityExtensions =
    std::to_array<ExtensionText>({{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                  {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                  {NID_subject_key_identifier, "hash"},
                                  {NID_authority_key_identifier, "keyid:always"}});

Error failed(std::string_view what) {
  return internal_error("cannot " + std::string(what) + ": " + take_tls_error());
}

Error unusable(std::string message) {
  return {ErrorCode::kInvalidConfiguration, std::move(message)};
}

Result<std::string> text_of(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_ctrl(memory, BIO_CTRL_INFO, 0, static_cast<void*>(&data));
  if (size <= 0) return failed("write PEM");
  return std::string(data, static_cast<size_t>(size));
}

Result<CertificatePem> pem_of(X509* certificate, EVP_PKEY* key) {
  const Memory of_certificate(BIO_new(BIO_s_mem()));
  const Memory of_key(BIO_new(BIO_s_secmem()));
  if (PEM_write_bio_X509(of_certificate.get(), certificate) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(of_key.get(), key, nullptr, nullptr, 0, nullptr, nullptr) !=
          1) {
    return failed("write PEM");
  }
  CertificatePem pem;
  pem.certificate = TRY(text_of(of_certificate.get()));
  pem.key = TRY(text_of(of_key.get()));
  return pem;
}

bool add_extension(X509* certificate, X509* issuer, const ExtensionText& text) {
  X509V3_CTX context = {};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, text.nid, text.value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
  const Number number(BN_new());
  return BN_rand(number.get(), kSerialBytes * 8 - 1, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_subject(X509* certificate, const std::string& common_name) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

// Not longer than its issuer's.
bool set_validity(X509* certificate, const Validity& validity, const X509* issuer) {
  const int64_t until = validity.from_seconds + validity.days * kSecondsPerDay;
  ASN1_TIME* end = X509_getm_notAfter(certificate);
  if (ASN1_TIME_set(X509_getm_notBefore(certificate), validity.from_seconds) == nullptr ||
      ASN1_TIME_set(end, until) == nullptr) {
    return false;
  }
  if (issuer == nullptr || ASN1_TIME_compare(end, X509_get0_notAfter(issuer)) <= 0) return true;
  return X509_set1_notAfter(certificate, X509_get0_notAfter(issuer)) == 1;
}

// All but its signature. `issuer` is nullptr when it is its own.
Result<Certificate> begin_certificate(const std::string& common_name, const Validity& validity,
                                      EVP_PKEY* key, X509* issuer) {
  if (common_name.empty() || common_name.size() > kCommonNameBytesMax) {
    return unusable("the name '" + common_name + "' does not have 1 to 64 characters");
  }
  Certificate certificate(X509_new());
  X509* made = certificate.get();
  if (X509_set_version(made, X509_VERSION_3) != 1 || !set_serial(made) ||
      !set_validity(made, validity, issuer) || !set_subject(made, common_name) ||
      X509_set_issuer_name(made, X509_get_subject_name(issuer == nullptr ? made : issuer)) != 1 ||
      X509_set_pubkey(made, key) != 1) {
    return failed("make a certificate");
  }
  return certificate;
}

Result<Key> make_key() {
  Key key(EVP_EC_gen("P-256"));
  if (!key) return failed("make a key");
  return key;
}

bool is_dns_name(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  return !name.empty() && name.size() <= 253 && name.front() != '.' && name.front() != '-' &&
         name.back() != '-' && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_';
         });
}

// The bytes of an address; empty: it is none.
std::string address_bytes(const std::string& text) {
  std::array<char, sizeof(in6_addr)> bytes = {};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return {bytes.data(), sizeof(in_addr)};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return {bytes.data(), bytes.size()};
  return {};
}

bool add_name(GENERAL_NAMES* names, const std::string& name) {
  const std::string address = address_bytes(name);
  const std::string& value = address.empty() ? name : address;
  ASN1_STRING* text =
      ASN1_STRING_type_new(address.empty() ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);
  GENERAL_NAME* general = GENERAL_NAME_new();
  ASN1_STRING_set(text, value.data(), static_cast<int>(value.size()));
  GENERAL_NAME_set0_value(general, address.empty() ? GEN_DNS : GEN_IPADD, text);
  return sk_GENERAL_NAME_push(names, general) > 0;
}

Status add_names(X509* certificate, const std::vector<std::string>& names) {
  const Names general(GENERAL_NAMES_new());
  for (const std::string& name : names) {
    if (address_bytes(name).empty() && !is_dns_name(name)) {
      return unusable("'" + name + "' is neither a DNS name nor an address");
    }
    if (!add_name(general.get(), name)) return failed("add a name");
  }
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, general.get(), 0, 0) != 1) {
    return failed("add names");
  }
  return Done{};
}

Memory reading(const std::string& text) {
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Result<CertificatePem> issue(const CertificatePem& authority, const std::string& common_name,
                             const std::vector<std::string>& names, const char* purpose,
                             const Validity& validity) {
  const Certificate issuer(
      PEM_read_bio_X509(reading(authority.certificate).get(), nullptr, nullptr, nullptr));
  const Key issuer_key(
      PEM_read_bio_PrivateKey(reading(authority.key).get(), nullptr, nullptr, nullptr));
  if (!issuer || !issuer_key || X509_check_private_key(issuer.get(), issuer_key.get()) != 1) {
    return unusable("the authority's certificate and key cannot be used: " + take_tls_error());
  }
  const Key key = TRY(make_key());
  const Certificate certificate =
      TRY(begin_certificate(common_name, validity, key.get(), issuer.get()));
  X509* made = certificate.get();
  if (!names.empty()) TRY(add_names(made, names));
  const auto extensions =
      std::to_array<ExtensionText>({{NID_basic_constraints, "critical,CA:FALSE"},
                                    {NID_key_usage, "critical,digitalSignature"},
                                    {NID_ext_key_usage, purpose},
                                    {NID_subject_key_identifier, "hash"},
                                    {NID_authority_key_identifier, "keyid:always"}});
  for (const ExtensionText& text : extensions) {
    if (!add_extension(made, issuer.get(), text)) return failed("add an extension");
  }
  if (X509_sign(made, issuer_key.get(), EVP_sha256()) == 0) return failed("sign a certificate");
  return pem_of(made, key.get());
}

}  // namespace

Result<CertificatePem> make_authority(const std::string& common_name, const Validity& validity) {
  const Key key = TRY(make_key());
  const Certificate certificate = TRY(begin_certificate(common_name, validity, key.get(), nullptr));
  X509* made = certificate.get();
  for (const ExtensionText& text : kAuthorityExtensions) {
    if (!add_extension(made, made, text)) return failed("add an extension");
  }
  if (X509_sign(made, key.get(), EVP_sha256()) == 0) return failed("sign a certificate");
  return pem_of(made, key.get());
}

Result<CertificatePem> issue_server_certificate(const CertificatePem& authority,
                                                const std::vector<std::string>& names,
                                                const Validity& validity) {
  if (names.empty()) return unusable("a server's certificate needs a name");
  // What counts are the alternative names; a long one may not be the common name.
  return issue(authority, names.front().substr(0, kCommonNameBytesMax), names, "serverAuth",
               validity);
}

Result<CertificatePem> issue_client_certificate(const CertificatePem& authority,
                                                const std::string& common_name,
                                                const Validity& validity) {
  return issue(authority, common_name, {}, "clientAuth", validity);
}

}  // namespace millrace::http
