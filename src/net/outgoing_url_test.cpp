// Which addresses this node may call, held against the standards' own lists.
#include "net/outgoing_url.h"

#include <gmock/gmock.h>

namespace citiverse::net {
namespace {

std::uint32_t ipv4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

TEST(OutgoingUrl, a_url_comes_apart_into_host_port_and_target) {
  const auto url = parse_outgoing_url("https://Login.Example.org/a/b?c=%20d");
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_TRUE(url->is_tls);
  EXPECT_EQ(url->host, "login.example.org");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->target, "/a/b?c=%20d");
  EXPECT_EQ(parse_outgoing_url("https://x.org:8443")->authority(), "x.org:8443");
  EXPECT_EQ(parse_outgoing_url("http://x.org?q=1")->target, "/?q=1");
  EXPECT_EQ(parse_outgoing_url("http://x.org")->port, 80);
}

TEST(OutgoingUrl, what_could_be_read_in_two_ways_is_refused) {
  for (const std::string_view text :
       {"", "ftp://x.org/", "//x.org/", "https://", "https:///path", "https://user@x.org/", "https://x.org:443@evil.org/",
        "https://x.org:0/", "https://x.org:65536/", "https://x.org:/", "https://[::1]/", "https://x.org/a#b",
        "https://x.org/a b", "https://x.org/\r\nHost: y", "https://x.org\\@evil.org/", "https://.x.org/", "https://-x.org/",
        "https://m\xc3\xbcnchen.de/", "https://x.org:+80/"})
    EXPECT_FALSE(parse_outgoing_url(text)) << text;
  EXPECT_FALSE(parse_outgoing_url("https://x.org/" + std::string(kOutgoingUrlBytesMax, 'a')));
}

TEST(OutgoingUrl, the_networks_of_the_special_purpose_registry_are_not_public) {
  // IANA IPv4 Special-Purpose Address Registry: first and last address of each network.
  for (const auto address :
       {ipv4(0, 0, 0, 0),    ipv4(10, 0, 0, 0),       ipv4(10, 255, 255, 255),  ipv4(100, 64, 0, 0),  ipv4(100, 127, 255, 255),
        ipv4(127, 0, 0, 1),  ipv4(169, 254, 0, 1),    ipv4(169, 254, 169, 254), ipv4(172, 16, 0, 0),  ipv4(172, 31, 255, 255),
        ipv4(192, 0, 0, 8),  ipv4(192, 0, 2, 1),      ipv4(192, 88, 99, 1),     ipv4(192, 168, 0, 0), ipv4(192, 168, 255, 255),
        ipv4(198, 18, 0, 0), ipv4(198, 19, 255, 255), ipv4(198, 51, 100, 7),    ipv4(203, 0, 113, 9), ipv4(224, 0, 0, 1),
        ipv4(240, 0, 0, 1),  ipv4(255, 255, 255, 255)})
    EXPECT_FALSE(is_public_ipv4(address)) << std::hex << address;
  for (const auto address :
       {ipv4(1, 1, 1, 1), ipv4(9, 255, 255, 255), ipv4(11, 0, 0, 0), ipv4(100, 63, 255, 255), ipv4(100, 128, 0, 0),
        ipv4(172, 15, 255, 255), ipv4(172, 32, 0, 0), ipv4(192, 167, 255, 255), ipv4(223, 255, 255, 255)})
    EXPECT_TRUE(is_public_ipv4(address)) << std::hex << address;
}

TEST(OutgoingUrl, of_ipv6_only_global_unicast_is_public) {
  using Address = std::array<std::uint8_t, 16>;
  EXPECT_TRUE(is_public_ipv6(Address{0x20, 0x01, 0x48, 0x60}));
  EXPECT_TRUE(is_public_ipv6(Address{0x2A, 0x00, 0x14, 0x50}));
  EXPECT_FALSE(is_public_ipv6(Address{}));                                                             // ::
  EXPECT_FALSE(is_public_ipv6(Address{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));               // ::1
  EXPECT_FALSE(is_public_ipv6(Address{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 0, 0, 1}));        // ::ffff:10.0.0.1
  EXPECT_FALSE(is_public_ipv6(Address{0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1}));  // 64:ff9b::/96
  EXPECT_FALSE(is_public_ipv6(Address{0xFC}));                                                         // fc00::/7
  EXPECT_FALSE(is_public_ipv6(Address{0xFE, 0x80}));                                                   // fe80::/10
  EXPECT_FALSE(is_public_ipv6(Address{0xFF, 0x02}));                                                   // multicast
  EXPECT_FALSE(is_public_ipv6(Address{0x20, 0x01, 0x00, 0x00}));                                       // Teredo
  EXPECT_FALSE(is_public_ipv6(Address{0x20, 0x01, 0x0D, 0xB8}));                                       // documentation
  EXPECT_FALSE(is_public_ipv6(Address{0x20, 0x02, 10, 0, 0, 1}));                                      // 6to4 of 10.0.0.1
}

}  // namespace
}  // namespace citiverse::net
