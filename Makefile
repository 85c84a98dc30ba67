# A thin front over CMake. Every target installs the Debian packages it lacks, builds and does its job.
#
#   make demo      the main case: a failover of 500 users, with CSV and pictures
#   make test      all tests
#   make reality   downloads between two hosts of its own, measured, against their replay (needs root, else skipped)
#   make bench     speed in one table: ratios to straight loops and to SimGrid, the main case, how it grows
#                  (to a million users with MILLION=--million)
#   make bench-study   how well a study uses two processors, beside two processes that share nothing
#   make bench-peers   speed beside other simulators: SimPy, ns-3, SimGrid, as far as they can be installed
#   make bench-layers  where the instructions of a storm of 500 users go, by layer
#   make bench-instructions   what five fixed cases take, against bench/instructions.csv (UPDATE=--update)
#   make lint      clang-tidy, cppcheck, shellcheck
#   make format    clang-format over all sources
#   make install   program, library, headers, manual pages (PREFIX=/usr/local)
#   make clean     removes build/ and out/

PREFIX ?= /usr/local
JOBS   ?= $(shell nproc)

.PHONY: demo test reality bench bench-study bench-peers bench-layers bench-instructions lint format install clean
.DEFAULT_GOAL := demo

demo:
	@cmake/install-packages.sh build
	@cmake --preset release -DPRIMESTORM_TESTS=OFF $(QUIET_CMAKE)
	@cmake --build --preset release --target primestorm -j$(JOBS) $(QUIET_CMAKE)
	build/release/cli/primestorm run examples/01-failover-500.yaml -o out/01-failover-500 --force

test:
	@cmake/install-packages.sh build test
	@cmake --preset dev $(QUIET_CMAKE)
	@cmake --build --preset dev -j$(JOBS) $(QUIET_CMAKE)
	ctest --preset dev -j$(JOBS)

reality:
	@cmake/install-packages.sh build test
	@cmake/install-packages.sh --optional reality
	@cmake --preset release -DPRIMESTORM_TESTS=ON $(QUIET_CMAKE)
	@cmake --build --preset release --target primestorm --target reality_download -j$(JOBS) $(QUIET_CMAKE)
	tests/reality/reality.sh build/release/cli/primestorm build/release/tests/reality/reality_download . out/reality || [ $$? -eq 77 ]

bench:
	@cmake/install-packages.sh build
	@cmake --preset release -DPRIMESTORM_TESTS=OFF $(QUIET_CMAKE)
	@cmake --build --preset release -j$(JOBS) $(QUIET_CMAKE)
	bench/bench.sh $(MILLION) build/release

bench-study:
	@cmake/install-packages.sh build
	@cmake --preset release -DPRIMESTORM_TESTS=OFF $(QUIET_CMAKE)
	@cmake --build --preset release --target primestorm -j$(JOBS) $(QUIET_CMAKE)
	bench/study.sh build/release/cli/primestorm .

bench-peers:
	@cmake/install-packages.sh build test
	@cmake/install-packages.sh --optional peers
	@cmake --preset release -DPRIMESTORM_TESTS=ON $(QUIET_CMAKE)
	@cmake --build --preset release -j$(JOBS) $(QUIET_CMAKE)
	@bench/peers/peers.sh build/release || [ $$? -eq 77 ]

bench-layers:
	@cmake/install-packages.sh build bench
	@cmake -B build/layers -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_FLAGS_RELWITHDEBINFO="-O3 -DNDEBUG -g" \
	    -DPRIMESTORM_TESTS=OFF $(QUIET_CMAKE)
	@cmake --build build/layers --target primestorm -j$(JOBS) $(QUIET_CMAKE)
	bench/layers.sh build/layers/cli/primestorm examples/01-failover-500.yaml

bench-instructions:
	@cmake/install-packages.sh build bench
	@cmake --preset release -DPRIMESTORM_TESTS=OFF $(QUIET_CMAKE)
	@cmake --build --preset release -j$(JOBS) $(QUIET_CMAKE)
	bench/instructions.sh build/release . $(UPDATE)

lint:
	@cmake/install-packages.sh build test lint
	@cmake --preset dev $(QUIET_CMAKE)
	cmake/lint.sh build/dev

format:
	@cmake/install-packages.sh lint
	git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i

install:
	@cmake/install-packages.sh build
	@cmake --preset release -DPRIMESTORM_TESTS=OFF -DCMAKE_INSTALL_PREFIX=$(PREFIX) $(QUIET_CMAKE)
	@cmake --build --preset release -j$(JOBS) $(QUIET_CMAKE)
	cmake --install build/release

clean:
	rm -rf build out

# The output of a build that succeeds is of no interest; what fails says why.
QUIET_CMAKE = > build.log 2>&1 || { cat build.log; exit 1; }
