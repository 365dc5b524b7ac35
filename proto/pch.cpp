// Carries the precompiled headers of proto/pch.hpp.
