//! The cryptography between a code and a consent form: the hash of the PIN, opening the template,
//! verifying its signature; and the other way round.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tessera_core_types::SystemRandomness;
use tessera_crypto::{
    aead,
    objects::{HashAlgorithm, SecretKey, SignatureKeypair},
    password, sign,
};

/// What a template of a few items has, one of many items, and one with pictures of text.
const SIZES: [usize; 3] = [2 * 1024, 64 * 1024, 1024 * 1024];

fn pin(criterion: &mut Criterion) {
    let salt = password::generate_salt(&SystemRandomness);
    criterion.bench_function("hash a PIN", |bencher| {
        bencher.iter(|| password::hash(black_box("4711"), &salt).unwrap());
    });
}

fn template(criterion: &mut Criterion) {
    let key = SecretKey::generate(&SystemRandomness);
    let pair = SignatureKeypair::generate(&SystemRandomness);
    let mut group = criterion.benchmark_group("template");
    for size in SIZES {
        let payload = vec![b'x'; size];
        let sealed = aead::seal(&key, &payload, &SystemRandomness).unwrap();
        let signature = sign::sign(pair.private(), &payload, HashAlgorithm::Sha512).unwrap();
        group.throughput(Throughput::Bytes(size.try_into().unwrap()));
        group.bench_function(BenchmarkId::new("seal", size), |bencher| {
            bencher.iter(|| aead::seal(&key, black_box(&payload), &SystemRandomness).unwrap());
        });
        group.bench_function(BenchmarkId::new("open", size), |bencher| {
            bencher.iter(|| aead::open(&key, black_box(&sealed)).unwrap());
        });
        group.bench_function(BenchmarkId::new("sign", size), |bencher| {
            bencher.iter(|| {
                sign::sign(pair.private(), black_box(&payload), HashAlgorithm::Sha512).unwrap()
            });
        });
        group.bench_function(BenchmarkId::new("verify", size), |bencher| {
            bencher.iter(|| sign::verify(pair.public(), black_box(&payload), &signature).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, pin, template);
criterion_main!(benches);
