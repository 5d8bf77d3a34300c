// Passkeys against the W3C's own test vectors, and against an authenticator that can be made to lie.
#include "identity/webauthn.h"

#include <gmock/gmock.h>

#include "identity/base64url.h"
#include "testing/soft_authenticator.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using testing_fixtures::SoftAuthenticator;

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    int value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

struct Vector {
  std::string_view made_challenge, made_client_data, attestation_object, credential_id;
  std::string_view used_challenge, used_client_data, authenticator_data, signature;
};

// WebAuthn Level 3, clause 16 (test vectors), "none.ES256".
constexpr Vector kNoneEs256{
    "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
    "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434557878475453746e6364713431375944"
    "7742466938767049612d7077386f4f755657345441222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f"
    "726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468"
    "206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20426b5165446a64635442725842"
    "6941774a544c453551227d",
    "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4"
    "b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a501020326"
    "2001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68e"
    "d73290af2e2664796b9220",
    "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
    "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
    "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455506f334a555854304939377076"
    "7a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967"
    "696e223a66616c73657d",
    "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
    "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd5d78c6e48601"
    "3f937295ea13653e331e87"};

// The same clause, "packed.EdDSA": a statement with a certificate.
constexpr Vector kPackedEddsa{
    "a8abf9dabdc6b0df63466b39bda9e8a34a34e185337a59f1c579990676d3b3bd",
    "7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22714b763532723347734e396a526d733576616e6f6f30"
    "6f303459557a656c6e7878586d5a426e6254733730222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f"
    "726967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468"
    "206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869733a20425f44543567375a445f2d394f"
    "544c59583549764551227d",
    "a363666d74667061636b65646761747453746d74a363616c67266373696758483046022100d83f60bd80269537583218858aefb03ac57d45fa06e42fea"
    "ae332d187f62da9f022100a02bd3cb6f7e1d283c93bad1f3f4b5a4c0494463da7fdbf256949116754d1f17637835638159022730820223308201c8a003"
    "020102021100b2cfc9ea33c8643b0e1a760463eaf164300a06082a8648ce3d0403023062311e301c06035504030c15576562417574686e207465737420"
    "766563746f7273310c300a060355040a0c0357334331253023060355040b0c1c41757468656e74696361746f72204174746573746174696f6e20434131"
    "0b30090603550406130241413020170d3234303130313030303030305a180f33303234303130313030303030305a305f311e301c06035504030c155765"
    "62417574686e207465737420766563746f7273310c300a060355040a0c0357334331223020060355040b0c1941757468656e74696361746f7220417474"
    "6573746174696f6e310b30090603550406130241413059301306072a8648ce3d020106082a8648ce3d03010703420004dd2b7a564b73b8c0b81c4c62e5"
    "21925c4d1198ec9f583dbf1eebe364b65cd9c29a9bdf346aaa81fb6b9507e5249a52fdaf8e39e26b0b7dc45992a7e233b70f70a360305e300c0603551d"
    "130101ff04023000300e0603551d0f0101ff040403020780301d0603551d0e041604140ae27546bc7eccb1b4b597bd354f0c0b1f1f8f8e301f0603551d"
    "2304183016801445aff715b0dd786741fee996ebc16547a3931b1e300a06082a8648ce3d0403020349003046022100a0d434ecb5fc3bfd7da5f4190451"
    "7ad2836249f561bd834ba7a438a8ab7a4ce8022100fac845bb7a02513b58e9f319654dbe49b0f02b95835bac568c71f8a18cdde9ab6861757468446174"
    "615881bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b54100000000d5aa33581e8ca478e20fe713f5d32ff20020ce9f84"
    "0ed96599580cd140fbc7bb3230633f50f61041aff73308ae71caa8a2bda401010327200621582044e06ddd331c36a8dc667bab52bcae63486c916aa5e3"
    "39e6acebaa84934bf832",
    "ce9f840ed96599580cd140fbc7bb3230633f50f61041aff73308ae71caa8a2bd",
    "895957e01c633a698348a2d8a31a54b7db27e8c1c43b2080d79ae2190267bfd2",
    "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a2269566c583442786a4f6d6d44534b4c596f7870557439736e36"
    "4d48454f7943413135726947514a6e763949222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967"
    "696e223a66616c73657d",
    "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50100000000",
    "f5c59c7e46c34f6f8cc197101ddf9934fa2595f68eb1913a637e8419eb9ba4cfdfc48f85393bc0d40b011f0d6fecb097d6607525713223a0dc0d453993"
    "dae00b"};

const PasskeySite kW3cSite{"example.org", {"https://example.org"}};

TEST(Webauthn, the_w3cs_test_vectors_are_registered_and_recognised) {
  for (const Vector& vector : {kNoneEs256, kPackedEddsa}) {
    const auto made = verify_registration(kW3cSite, from_hex(vector.made_challenge), from_hex(vector.made_client_data),
                                          from_hex(vector.attestation_object), UserVerification::preferred);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->credential_id, from_hex(vector.credential_id));
    const Assertion assertion{from_hex(vector.used_client_data), from_hex(vector.authenticator_data),
                              from_hex(vector.signature)};
    const auto proven =
        verify_assertion(kW3cSite, from_hex(vector.used_challenge), made->key, assertion, UserVerification::preferred);
    ASSERT_TRUE(proven) << proven.error().message;
    EXPECT_EQ(proven->is_backup_eligible, made->is_backup_eligible);
    const auto verified =
        verify_assertion(kW3cSite, from_hex(vector.used_challenge), made->key, assertion, UserVerification::required);
    ASSERT_FALSE(verified) << "in these vectors nobody was verified";
    EXPECT_THAT(verified.error().message, ::testing::HasSubstr("did not check who holds it"));
  }
}

TEST(Webauthn, a_turned_bit_anywhere_in_a_signed_statement_is_noticed) {
  const std::string object = from_hex(kPackedEddsa.attestation_object);
  const std::string data = from_hex(kPackedEddsa.made_client_data);
  for (std::size_t i = 0; i < object.size(); ++i) {
    // The certificate is not trusted, so what it says of its issuer and its own signature proves nothing here.
    if (i >= 112 && i < 663) continue;
    std::string changed = object;
    changed[i] = static_cast<char>(changed[i] ^ 0x01);
    EXPECT_FALSE(
        verify_registration(kW3cSite, from_hex(kPackedEddsa.made_challenge), data, changed, UserVerification::preferred))
        << i;
  }
}

class Ceremony : public ::testing::Test {
 protected:
  base::Result<NewPasskey> make(std::string_view challenge) const {
    return verify_registration(site_, challenge, device_.client_data("webauthn.create", challenge_),
                               device_.attestation_object(), UserVerification::required);
  }
  base::Result<ProvenPasskey> use(const PasskeyKey& key, std::string_view challenge) const {
    const std::string data = device_.client_data("webauthn.get", challenge_);
    return verify_assertion(site_, challenge, key, {data, device_.authenticator_data(), device_.signature(data)},
                            UserVerification::required);
  }

  const std::string challenge_ = "thirty-two bytes of a challenge!";
  SoftAuthenticator device_{"https://city.example", "city.example"};
  PasskeySite site_{"city.example", {"https://city.example"}};
};

TEST_F(Ceremony, a_passkey_is_made_and_used) {
  device_.counter = 7;
  const auto made = make(challenge_);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->key.algorithm, -7);
  EXPECT_EQ(made->counter, 7u);
  device_.counter = 0x01020304;
  const auto proven = use(made->key, challenge_);
  ASSERT_TRUE(proven) << proven.error().message;
  EXPECT_EQ(proven->counter, 0x01020304u);
}

TEST_F(Ceremony, another_challenge_origin_site_or_device_is_denied) {
  const auto made = make(challenge_);
  ASSERT_TRUE(made);
  EXPECT_EQ(make("another challenge").error().code, ErrorCode::denied);
  EXPECT_EQ(use(made->key, "another challenge").error().code, ErrorCode::denied);
  const SoftAuthenticator other("https://city.example", "city.example");
  const std::string data = other.client_data("webauthn.get", challenge_);
  const Assertion foreign{data, other.authenticator_data(), other.signature(data)};
  EXPECT_EQ(verify_assertion(site_, challenge_, made->key, foreign, UserVerification::required).error().code,
            ErrorCode::denied);
  const PasskeySite elsewhere{"city.example", {"https://city.example:8443"}};
  EXPECT_EQ(verify_registration(elsewhere, challenge_, device_.client_data("webauthn.create", challenge_),
                                device_.attestation_object(), UserVerification::required)
                .error()
                .code,
            ErrorCode::denied);
  const PasskeySite parent{"example", {"https://city.example"}};
  EXPECT_EQ(verify_registration(parent, challenge_, device_.client_data("webauthn.create", challenge_),
                                device_.attestation_object(), UserVerification::required)
                .error()
                .code,
            ErrorCode::denied);
}

TEST_F(Ceremony, one_ceremony_does_not_stand_for_the_other) {
  const auto made = make(challenge_);
  ASSERT_TRUE(made);
  EXPECT_FALSE(verify_registration(site_, challenge_, device_.client_data("webauthn.get", challenge_),
                                   device_.attestation_object(), UserVerification::required));
  const std::string data = device_.client_data("webauthn.create", challenge_);
  EXPECT_FALSE(verify_assertion(site_, challenge_, made->key, {data, device_.authenticator_data(), device_.signature(data)},
                                UserVerification::required));
}

TEST_F(Ceremony, nobody_present_nobody_verified_and_foreign_frames_are_denied) {
  const auto made = make(challenge_);
  ASSERT_TRUE(made);
  for (const std::uint8_t flags : {0x00, 0x01, 0x04, 0x15}) {  // 0x15: backed up without being eligible.
    device_.flags = flags;
    EXPECT_FALSE(make(challenge_)) << int{flags};
    EXPECT_FALSE(use(made->key, challenge_)) << int{flags};
  }
  device_.flags = 0x05;
  device_.is_cross_origin = true;
  EXPECT_FALSE(make(challenge_));
  EXPECT_FALSE(use(made->key, challenge_));
}

TEST_F(Ceremony, what_is_cut_off_or_too_long_is_bad_input) {
  const std::string data = device_.client_data("webauthn.create", challenge_);
  const std::string object = device_.attestation_object();
  for (std::size_t size = 0; size < object.size(); ++size)
    EXPECT_FALSE(verify_registration(site_, challenge_, data, object.substr(0, size), UserVerification::required)) << size;
  EXPECT_FALSE(verify_registration(site_, challenge_, data, object + '\0', UserVerification::required));
  EXPECT_FALSE(
      verify_registration(site_, challenge_, data, std::string(kAttestationBytesMax + 1, '\xa0'), UserVerification::required));
  EXPECT_FALSE(
      verify_registration(site_, challenge_, data + std::string(kClientDataBytesMax, ' '), object, UserVerification::required));
}

}  // namespace
}  // namespace citiverse::identity
