#include "tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

namespace fanlight::net {

namespace ssl = boost::asio::ssl;

class TlsContext {
 public:
  explicit TlsContext(ssl::context::method method) : context(method) {}
  ssl::context context;
};

namespace {

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

class TlsStream final : public Stream {
 public:
  TlsStream(Socket socket, TlsContextPtr context, ssl::stream_base::handshake_type side, std::string host)
      : Stream(socket.get_executor()),
        context_(std::move(context)),
        stream_(std::move(socket), context_->context),
        side_(side),
        host_(std::move(host)) {
    if (side_ == ssl::stream_base::client) expect_host();
  }

  Task<Io> read_some(asio::mutable_buffer into) override {
    if (!begin()) co_return Io{asio::error::timed_out};
    // After shutdown() what still comes is only thrown away, so it need not be deciphered.
    auto [error, bytes] = shut_down_ ? co_await stream_.next_layer().async_read_some(into, tuple)
                                     : co_await stream_.async_read_some(into, tuple);
    if (error == ssl::error::stream_truncated) {
      truncated_ = true;
      error = asio::error::eof;
    }
    co_return Io{judge(error), bytes};
  }

  // Asio's SSL stream sends one record per buffer, so a small body travels with its header.
  Task<Io> write(asio::const_buffer first, asio::const_buffer second) override {
    if (!begin()) co_return Io{asio::error::timed_out};
    std::string joined;
    if (second.size() > 0 && second.size() <= join_bytes_max) {
      joined.reserve(first.size() + second.size());
      joined.append(static_cast<const char*>(first.data()), first.size());
      joined.append(static_cast<const char*>(second.data()), second.size());
      first = asio::buffer(joined);
      second = {};
    }
    const auto [error, bytes] = co_await asio::async_write(stream_, first, tuple);
    if (error || second.size() == 0) co_return Io{judge(error), bytes};
    const auto [rest_error, rest] = co_await asio::async_write(stream_, second, tuple);
    co_return Io{judge(rest_error), bytes + rest};
  }

  Task<error_code> handshake(std::string& why) override {
    if (!begin()) co_return asio::error::timed_out;
    const auto [error] = co_await stream_.async_handshake(side_, tuple);
    if (error) why = explain(error);
    co_return judge(error);
  }

  Task<> shutdown() override {
    if (!begin() || shut_down_) co_return;
    shut_down_ = true;
    error_code ignored;
    co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
    stream_.next_layer().shutdown(Socket::shutdown_send, ignored);
  }

  Socket& socket() override { return stream_.next_layer(); }
  bool truncated() const override { return truncated_; }

 private:
  static constexpr std::size_t join_bytes_max = 14 * 1024;  // under one TLS record of 16 KiB

  // Asio 1.81 does neither by itself.
  void expect_host() {
    auto* handle = stream_.native_handle();
    error_code not_an_address;
    asio::ip::make_address(host_, not_an_address);
    auto* parameters = SSL_get0_param(handle);
    if (not_an_address) {
      SSL_set_tlsext_host_name(handle, host_.c_str());
      X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      X509_VERIFY_PARAM_set1_host(parameters, host_.data(), host_.size());
    } else {
      X509_VERIFY_PARAM_set1_ip_asc(parameters, host_.c_str());
    }
    stream_.set_verify_mode(ssl::verify_peer);
  }

  std::string explain(error_code error) {
    const long verdict = SSL_get_verify_result(stream_.native_handle());
    if (side_ == ssl::stream_base::client && verdict != X509_V_OK)
      return fmt::format("certificate refused for {}: {}", host_, X509_verify_cert_error_string(verdict));
    return error.message();
  }

  TlsContextPtr context_;
  ssl::stream<Socket> stream_;
  ssl::stream_base::handshake_type side_;
  std::string host_;
  bool truncated_ = false;
  bool shut_down_ = false;
};

void harden(ssl::context& context) {
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
}

// OpenSSL answers "no such file" for most things, so the file is looked at first.
std::unexpected<Error> fail_file(std::string_view what, const std::string& file, std::string_view why,
                                 std::string_view remedy) {
  if (::access(file.c_str(), R_OK) != 0) why = std::strerror(errno);
  return fail(ErrorCode::bad_input, fmt::format("read {}: {}: {}: {}", what, file, why, remedy));
}

}  // namespace

Result<TlsContextPtr> make_server_tls(const std::string& certificate_file, const std::string& key_file) {
  auto made = std::make_shared<TlsContext>(ssl::context::tls_server);
  harden(made->context);
  // Sessions are resumed by tickets, which the client keeps; a cache here would grow with every client.
  SSL_CTX_set_session_cache_mode(made->context.native_handle(), SSL_SESS_CACHE_OFF);
  error_code error;
  // Without a callback OpenSSL would ask for the pass phrase on the terminal and wait.
  made->context.set_password_callback(
      [](std::size_t, ssl::context::password_purpose) { return std::string(); }, error);
  made->context.use_certificate_chain_file(certificate_file, error);
  if (error)
    return fail_file("TLS certificate", certificate_file, error.message(),
                     "give a PEM file with the whole chain, the server's own certificate first");
  made->context.use_private_key_file(key_file, ssl::context::pem, error);
  if (error)
    return fail_file("TLS key", key_file, error.message(),
                     "give the unencrypted PEM key that belongs to the certificate");
  return made;
}

Result<TlsContextPtr> make_client_tls(const std::string& ca_file) {
  auto made = std::make_shared<TlsContext>(ssl::context::tls_client);
  harden(made->context);
  made->context.set_verify_mode(ssl::verify_peer);
  error_code error;
  made->context.set_default_verify_paths(error);
  if (error)
    return fail(
        ErrorCode::internal,
        fmt::format("load the system's CA certificates: {}: install ca-certificates", error.message()));
  if (ca_file.empty()) return made;
  made->context.load_verify_file(ca_file, error);
  if (error)
    return fail_file("CA certificates", ca_file, error.message(), "give a PEM file with at least one CA");
  return made;
}

std::shared_ptr<Stream> make_tls_server_stream(Socket socket, TlsContextPtr context) {
  return std::make_shared<TlsStream>(std::move(socket), std::move(context), ssl::stream_base::server,
                                     std::string());
}

std::shared_ptr<Stream> make_tls_client_stream(Socket socket, TlsContextPtr context,
                                               const std::string& host) {
  return std::make_shared<TlsStream>(std::move(socket), std::move(context), ssl::stream_base::client, host);
}

}  // namespace fanlight::net
