#!/bin/sh
# Makes the certificates of the TLS tests in the folder $1: a good server, one for another name, a client, and a CA that signed none of them.
set -eu
cd "$1"

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
authority() { # name
    key "$1"
    openssl req -x509 -new -key "$1.key" -sha256 -days 30 -subj "/CN=$1" -addext basicConstraints=critical,CA:TRUE -out "$1.pem"
}
leaf() { # name, extended key usage, alternative names ("" for none), common name
    key "$1"
    openssl req -new -key "$1.key" -subj "/CN=$4" -out "$1.csr"
    {
        echo "basicConstraints=critical,CA:FALSE"
        echo "extendedKeyUsage=$2"
        [ -z "$3" ] || echo "subjectAltName=$3"
    } >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -sha256 -days 30 -extfile "$1.ext" -out "$1.pem"
}

{
    authority ca
    authority stranger
    leaf good serverAuth "DNS:localhost,IP:127.0.0.1" localhost
    leaf other serverAuth "DNS:other.test,DNS:*.wild.test,IP:10.0.0.1" localhost
    leaf named serverAuth "" localhost
    leaf client clientAuth "" client
    openssl x509 -in ca.pem -outform DER -out ca.der
    openssl x509 -in client.pem -outform DER -out client.der
    openssl ec -in client.key -outform DER -out client-key.der
    # In the old style: mbedTLS 2.28 knows no AES in PKCS#8's encryption.
    openssl ec -in client.key -aes128 -passout pass:secret -out client-locked.key
    printf 'no certificate' >garbage.pem
    : >empty.pem
} >/dev/null 2>certificates.log || { cat certificates.log >&2; exit 1; }
