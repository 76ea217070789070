#!/usr/bin/env bash
# Builds and runs a program that finds Forebay by pkg-config.
#   by_pkg_config.sh LIBDIR SOURCE PROGRAM      CXX and CXXFLAGS come from the environment
set -euo pipefail

libdir=$1 source=$2 program=$3
export PKG_CONFIG_PATH=$libdir/pkgconfig LD_LIBRARY_PATH=$libdir
read -ra flags <<<"${CXXFLAGS:-} $(pkg-config --cflags --libs forebay-soci)"
"$CXX" -std=c++20 -o "$program" "$source" "${flags[@]}"
"$program"
