// TLS as a Stream: contexts from files, SNI and host verification. The SSL headers stay in tls.cpp.
#pragma once

#include <memory>
#include <string>

#include "fanlight/core/result.hpp"
#include "stream.hpp"

namespace fanlight::net {

// Keys, certificates and trusted roots. Immutable once made; connections share it, so a reload is a new one.
class TlsContext;
using TlsContextPtr = std::shared_ptr<TlsContext>;

// TLS 1.2 or newer. An error names the file and says what is wrong with it.
Result<TlsContextPtr> make_server_tls(const std::string& certificate_file, const std::string& key_file);
// The system's roots and those of `ca_file` (empty for none).
Result<TlsContextPtr> make_client_tls(const std::string& ca_file);

std::shared_ptr<Stream> make_tls_server_stream(Socket socket, TlsContextPtr context);
// Sends `host` as SNI unless it is an address, and accepts only a certificate for it.
std::shared_ptr<Stream> make_tls_client_stream(Socket socket, TlsContextPtr context, const std::string& host);

}  // namespace fanlight::net
