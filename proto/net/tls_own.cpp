// A certificate of our own making, for a centre that has none of an authority. Nobody checks its name or its
// dates: clients pin its key. So it is made once, for a long time, and says what it is.
#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "base/settings.hpp"
#include "net/openssl.hpp"

namespace diemcau::net {
namespace {

constexpr long kYears = 20;
constexpr long kSecondsPerYear = 365L * 24 * 60 * 60;

bool exists(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

bool extend(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

X509Ptr selfSigned(EVP_PKEY* key) {
  X509Ptr certificate(X509_new());
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return {};
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1U);
  // A day back: a hall's clock may be behind.
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -24L * 60 * 60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kYears * kSecondsPerYear);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("diemcau"), -1,
                             -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  const bool whole = extend(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                     extend(certificate.get(), NID_key_usage, "critical,digitalSignature") &&
                     extend(certificate.get(), NID_ext_key_usage, "serverAuth") &&
                     extend(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
                     X509_sign(certificate.get(), key, EVP_sha256()) != 0;
  return whole ? std::move(certificate) : X509Ptr();
}

template <class Write>
std::string pem(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  std::string text;
  char* bytes = nullptr;
  if (write(bio) == 1) {
    const long size = BIO_get_mem_data(bio, &bytes);
    text.assign(bytes, static_cast<std::size_t>(size));
  }
  BIO_free(bio);
  return text;
}

}  // namespace

Done makeOwnCertificate(const TlsFiles& files) {
  const bool has_key = exists(files.key), has_certificate = exists(files.certificate);
  if (has_key && has_certificate) return {};
  KeyPtr key;
  std::string key_text;
  if (has_key) {
    // A crash between the two files, or a lost certificate: the key is what clients know, so it stays.
    auto text = readFile(files.key);
    if (!text) return tl::unexpected(text.error());
    BIO* bio = BIO_new_mem_buf(text->data(), static_cast<int>(text->size()));
    key.reset(PEM_read_bio_PrivateKey(bio, nullptr, nullptr, const_cast<char*>("")));
    BIO_free(bio);
  } else if (!has_certificate) {
    key.reset(EVP_EC_gen("P-256"));
    if (key)
      key_text = pem([&](BIO* bio) {
        return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
      });
  } else {
    return fail(
        ErrorCode::kInvalid,
        fmt::format(
            "{} is there, but its key {} is not: bring the key back, or remove the certificate so that "
            "both are made anew (every site must then be enrolled again)",
            files.certificate, files.key),
        fmt::format("có {} nhưng thiếu khóa {}: hãy khôi phục khóa, hoặc xóa chứng thư để tạo lại cả hai",
                    files.certificate, files.key));
  }
  const X509Ptr certificate = key ? selfSigned(key.get()) : X509Ptr();
  const std::string certificate_text =
      certificate ? pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); }) : std::string();
  if (certificate_text.empty() || (!has_key && key_text.empty()))
    return fail(ErrorCode::kInternal, "no certificate could be made: " + opensslReason(),
                "không tạo được chứng thư TLS");
  if (!has_key) {
    if (auto ok = writeFileAtomically(files.key, key_text, 0600); !ok) return ok;
  }
  return writeFileAtomically(files.certificate, certificate_text, 0644);
}

}  // namespace diemcau::net
