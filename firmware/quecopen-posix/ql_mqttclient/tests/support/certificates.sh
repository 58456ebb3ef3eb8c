#!/bin/sh
# Makes the certificates of the TLS tests in the folder $1: a good server, others that must be refused, a client, and a CA that signed none of them.
set -eu
cd "$1"

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
authority() { # name, common name
    key "$1"
    openssl req -x509 -new -key "$1.key" -sha256 -days 30 -subj "/CN=$2" -addext basicConstraints=critical,CA:TRUE -out "$1.pem"
}
leaf() { # name, extended key usage, alternative names ("" for none), common name, authority
    key "$1"
    openssl req -new -key "$1.key" -subj "/CN=$4" -out "$1.csr"
    {
        echo "basicConstraints=critical,CA:FALSE"
        echo "extendedKeyUsage=$2"
        [ -z "$3" ] || echo "subjectAltName=$3"
    } >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$5.pem" -CAkey "$5.key" -CAcreateserial -sha256 -days 30 -extfile "$1.ext" -out "$1.pem"
}

{
    authority ca ca
    authority stranger stranger
    authority impostor ca
    leaf good serverAuth "DNS:localhost,IP:127.0.0.1" localhost ca
    leaf other serverAuth "DNS:other.test,DNS:*.wild.test,IP:10.0.0.1" localhost ca
    leaf named serverAuth "" localhost ca
    leaf usage clientAuth "DNS:localhost" localhost ca
    leaf forged serverAuth "DNS:localhost" localhost impostor
    leaf client clientAuth "" client ca
    openssl x509 -in ca.pem -outform DER -out ca.der
    openssl x509 -in client.pem -outform DER -out client.der
    openssl ec -in client.key -outform DER -out client-key.der
    # In the old style: mbedTLS 2.28 knows no AES in PKCS#8's encryption.
    openssl ec -in client.key -aes128 -passout pass:secret -out client-locked.key
    printf 'no certificate' >garbage.pem
    : >empty.pem
} >/dev/null 2>certificates.log || { cat certificates.log >&2; exit 1; }
