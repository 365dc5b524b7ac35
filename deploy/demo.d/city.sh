# A city for the demo: areas of 25 halls, 68 delegates a hall, made from lists of names. Sourced by deploy/demo.

# make_city DIR SITES AGENTS: writes areas.csv, sites.csv, delegates.csv, and fleet.csv (the simulated sites).
make_city() {
  local dir=$1 sites=$2 agents=$3
  mkdir -p "$dir"
  awk -v dir="$dir" -v sites="$sites" -v agents="$agents" -v per_area=25 -v per_site=68 '
    BEGIN {
      wards = split("Ba Đình,Hoàn Kiếm,Đống Đa,Hai Bà Trưng,Cầu Giấy,Tây Hồ,Thanh Xuân,Hoàng Mai,Long Biên,Hà Đông," \
        "Ngọc Hà,Giảng Võ,Cửa Nam,Hồng Hà,Láng,Ô Chợ Dừa,Văn Miếu,Kim Liên,Bạch Mai,Vĩnh Tuy,Phú Thượng,Nghĩa Đô," \
        "Yên Hòa,Khương Đình,Phương Liệt,Định Công,Tương Mai,Vĩnh Hưng,Lĩnh Nam,Hoàng Liệt,Bồ Đề,Việt Hưng,Phúc Lợi", ward, ",");
      halls = split("Hội trường,Nhà văn hóa,Trường THCS,Trường THPT,Trung tâm chính trị,Trụ sở UBND", hall, ",");
      families = split("Nguyễn,Trần,Lê,Phạm,Hoàng,Huỳnh,Phan,Vũ,Võ,Đặng,Bùi,Đỗ,Hồ,Ngô,Dương,Lý", family, ",");
      middles = split("Văn,Thị,Đức,Minh,Hữu,Thanh,Quang,Ngọc,Thu,Xuân,Anh,Hồng", middle, ",");
      givens = split("An,Bình,Châu,Dũng,Đạt,Giang,Hà,Hải,Hạnh,Hòa,Hùng,Hương,Khánh,Lan,Linh,Long,Mai,Nam,Nga,Phong," \
        "Phúc,Quân,Sơn,Tâm,Thảo,Thủy,Trang,Tuấn,Vân,Yến", given, ",");
      units = split("Đảng ủy,HĐND,UBND,Mặt trận Tổ quốc,Hội Nông dân,Hội Phụ nữ,Đoàn Thanh niên,Công an,Quân sự,Trường học", unit, ",");
      srand(2026);

      areas = dir "/areas.csv"; site_file = dir "/sites.csv"; people = dir "/delegates.csv"; fleet = dir "/fleet.csv";
      print "area_id,parent_id,name" > areas;
      print "thanh-pho,,Thành phố" > areas;
      print "trung-tam,thanh-pho,Khối trung tâm" > areas;
      print "site_id,area_id,name,tags,technician,phone,seats" > site_file;
      print "delegate_id,site_id,name,unit,title" > people;
      print "site_id,area_id" > fleet;
      for (n = 1; n <= sites; n++) {
        if (n <= agents) {
          id = sprintf("T%02d", n); area = "trung-tam"; name = "Điểm cầu trung tâm " n; tag = "thật";
        } else {
          k = n - agents - 1; a = int(k / per_area);
          area = sprintf("khu-%02d", a + 1);
          if (k % per_area == 0)
            printf "%s,thanh-pho,%s\n", area, "Phường " ward[a % wards + 1] (a >= wards ? " " int(a / wards) + 1 : "") > areas;
          id = sprintf("D%04d", k + 1);
          name = hall[k % halls + 1] " " ward[a % wards + 1] " " (k % per_area + 1); tag = "mô phỏng";
          print id "," area > fleet;
        }
        who = family[int(rand() * families) + 1] " " middle[int(rand() * middles) + 1] " " given[int(rand() * givens) + 1];
        printf "%s,%s,%s,%s,%s,09%08d,%d\n", id, area, name, tag, who, int(rand() * 100000000), per_site + 12 > site_file;
        for (d = 1; d <= per_site; d++)
          printf "%s-%03d,%s,%s %s %s,%s,\n", id, d, id, family[int(rand() * families) + 1], middle[int(rand() * middles) + 1],
            given[int(rand() * givens) + 1], unit[int(rand() * units) + 1] > people;
      }
    }'
}
