#pragma once

// Everything that an application may link against carries FOREBAY_API; the rest of the library is built with hidden
// visibility.
#define FOREBAY_API __attribute__((visibility("default")))
