// OpenCV hands some TIFF files to GDAL, whose own locks the thread sanitizer warns of.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "deadlock:libgdal.so\n";
}
