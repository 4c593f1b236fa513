package devissuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/kontor-dev/kontor/internal/auth"
)

// DefaultTTL is how long a token is valid unless the caller says otherwise.
const DefaultTTL = 12 * time.Hour

// Issuer mints tokens. It is safe for concurrent use.
type Issuer struct {
	url    string
	public jose.JSONWebKey
	signer jose.Signer
	now    func() time.Time
}

// New returns an issuer with the given URL (the iss of its tokens, without a
// trailing slash) whose key is in keyFile; the file is made if it is missing. With
// an empty keyFile the key is new and lives in memory.
func New(url, keyFile string) (*Issuer, error) {
	key, err := loadKey(keyFile)
	if err != nil {
		return nil, fmt.Errorf("development issuer: %w", err)
	}
	return withKey(url, key)
}

func withKey(url string, key *ecdsa.PrivateKey) (*Issuer, error) {
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(spki)
	id := base64.RawURLEncoding.EncodeToString(sum[:9])
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: id}},
		(&jose.SignerOptions{}).WithType("at+jwt"))
	if err != nil {
		return nil, err
	}
	return &Issuer{
		url: url, signer: signer, now: time.Now,
		public: jose.JSONWebKey{Key: &key.PublicKey, KeyID: id, Algorithm: string(jose.ES256), Use: "sig"},
	}, nil
}

// URL returns the iss of the tokens.
func (i *Issuer) URL() string { return i.url }

// Mint returns a token for subject with roles, valid for ttl (0: DefaultTTL).
// Roles that do not exist are an error, so that a typing mistake does not end as a
// puzzling 403.
func (i *Issuer) Mint(subject string, ttl time.Duration, roles ...auth.Role) (string, error) {
	if subject == "" {
		return "", errors.New("a token needs a subject")
	}
	for _, r := range roles {
		if !isRole(r) {
			return "", fmt.Errorf("there is no role %q; the roles are %v", r, auth.Roles())
		}
	}
	if ttl <= 0 {
		ttl = DefaultTTL
	}
	now := i.now()
	claims := struct {
		jwt.Claims
		Roles []auth.Role `json:"roles"`
	}{
		jwt.Claims{
			Issuer: i.url, Subject: subject, Audience: jwt.Audience{auth.Audience},
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(ttl)),
			ID: rand.Text(),
		},
		roles,
	}
	return jwt.Signed(i.signer).Claims(claims).Serialize()
}

func isRole(r auth.Role) bool {
	for _, known := range auth.Roles() {
		if r == known {
			return true
		}
	}
	return false
}

const pemType = "PRIVATE KEY"

// loadKey reads the key, or makes and keeps one. Of several processes that make
// the file at the same moment one wins, and all use its key.
func loadKey(path string) (*ecdsa.PrivateKey, error) {
	if path == "" {
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	key, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := keepKey(path, key); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("keep the key: %w", err)
	}
	return readKey(path)
}

func readKey(path string) (*ecdsa.PrivateKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no PEM", path)
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	key, ok := any.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("%s holds no P-256 key", path)
	}
	return key, nil
}

// keepKey writes the key beside its place and links it there, so that nobody ever
// reads half a key.
func keepKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}))
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Link(tmp.Name(), path)
}
